//! What is asked for, and what comes of it.

use cosmwasm_std::Uint128;
use gridweave_chain::{Coin, Signer};
use gridweave_dso::api::Rates;
use gridweave_dso::{Request, State};
use gridweave_types::assets::Side;

use crate::common::{World, account_of, accounts, class, key};
use crate::counter::{Counter, refusal, wish};

/// What the buyer pays the operator (µ).
const PAYMENT: u128 = 700_000;

#[tokio::test]
async fn a_home_pays_withdraws_and_finds_everything_after_a_restart() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::open(&world, &folder, Rates::default()).await;
    let buyer = counter.buyer();
    let payer = Signer {
        name: "buyer".into(),
        address: buyer.account().into(),
    };
    world.mint(&payer, PAYMENT).await;
    let coin = Coin::new(Uint128::new(PAYMENT), world.denom.clone());
    let operator = &world.operator.address;
    let hash = world
        .chain
        .send_coins(&payer, operator, coin)
        .await
        .unwrap();
    // Nobody else can claim it, and it counts once.
    let seller = counter.client(&accounts()[0], key(7));
    assert_eq!(
        refusal(seller.pay(&hash).await.unwrap_err()),
        (400, "hash".into())
    );
    for _ in 0..2 {
        let paid = buyer.pay(&hash).await.unwrap();
        assert_eq!((paid.amount, paid.purse), (PAYMENT, PAYMENT));
    }
    assert_eq!(
        refusal(seller.pay(&hash).await.unwrap_err()),
        (409, "hash".into())
    );

    let wanted = wish(&world, "lamp", 3_000, "b").await;
    let asked = buyer.withdraw(&(&wanted).into()).await.unwrap();
    assert_eq!(asked.state, State::Requested);
    // Who waits for the answer has it with the batch.
    let issue = async {
        tokio::task::yield_now().await;
        counter.dso.issue_batch().await.unwrap()
    };
    let (answered, issued) = tokio::join!(buyer.await_withdrawal(asked.id), issue);
    assert_eq!((answered.unwrap().state, issued), (State::Issued, 1));
    counter.close().await;

    let counter = Counter::open(&world, &folder, Rates::default()).await;
    let buyer = counter.buyer();
    let again = buyer.withdraw(&(&wanted).into()).await.unwrap();
    assert_eq!((again.id, again.state), (asked.id, State::Issued));
    assert_eq!(buyer.withdrawal(asked.id).await.unwrap(), again);
    assert_eq!(counter.dso.issue_batch().await.unwrap(), 0);
    let account = buyer.account_state().await.unwrap();
    assert_eq!(account.purse, PAYMENT - wanted.money);
    assert_eq!((account.feeder, account.buy_limit), (2, 6_000));
    // Another's withdrawals are as if there were none.
    let seller = counter.client(&accounts()[0], key(7));
    let hidden = seller.withdrawal(asked.id).await.unwrap_err();
    assert_eq!(refusal(hidden), (404, "id".into()));
    counter.close().await;
}

#[tokio::test]
async fn what_exceeds_a_limit_fails_with_its_reason() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::open(&world, &folder, Rates::default()).await;
    let buyer = counter.buyer();
    counter.dso.raise_purse(buyer.account(), 2_000_000).unwrap();
    let first = wish(&world, "lamp", 5_000, "a").await;
    let first = buyer.withdraw(&(&first).into()).await.unwrap();
    assert_eq!(first.state, State::Requested);
    let too_much = wish(&world, "lamp-2", 1_001, "b").await;
    let other_feeder = Request {
        class: gridweave_types::assets::PermitClass {
            feeder: 1,
            ..too_much.class
        },
        reference: Some("c".into()),
        ..too_much.clone()
    };
    let far = Request {
        class: class(Side::Buy, "600"),
        reference: Some("d".into()),
        ..too_much.clone()
    };
    let poor = Request {
        money: 1_000_001,
        energy: 10,
        reference: Some("e".into()),
        ..too_much.clone()
    };
    for (wish, reason) in [
        (&too_much, "energy is 1001 Wh: with 5000 Wh in interval 1"),
        (&other_feeder, "feeder is 1, expected 2"),
        (&far, "intervals is 600: the last must be"),
        (&poor, "money is 1000001 µ, the purse holds 1000000 µ"),
    ] {
        let answer = buyer.withdraw(&wish.into()).await.unwrap();
        assert_eq!(answer.state, State::Failed, "{answer:?}");
        let found = answer.reason.unwrap();
        assert!(found.contains(reason), "{found}");
    }
    // The same name for something else, an account for an address, energy of nothing.
    let renamed = Request {
        reference: Some("a".into()),
        ..too_much.clone()
    };
    let named = Request {
        holder: account_of(&key(7)),
        reference: None,
        ..too_much.clone()
    };
    let nothing = Request {
        energy: 0,
        reference: None,
        ..too_much
    };
    for (wish, status, field) in [
        (&renamed, 409, "reference"),
        (&named, 400, "holder"),
        (&nothing, 400, "energy"),
    ] {
        let error = buyer.withdraw(&wish.into()).await.unwrap_err();
        assert_eq!(refusal(error), (status, field.into()));
    }
    counter.close().await;
}
