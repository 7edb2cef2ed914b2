//! People who try what is not theirs to do.

use cosmwasm_std::Addr;
use gridweave_testkit::assets::send::{
    credit, deposit_energy, expire, issue, lock, pay_out, release, retire, settle, split, withdraw,
};
use gridweave_testkit::assets::{Assets, bought, buy, sell, sold, trade};
use gridweave_types::assets::{Asset, Credit, ExecuteMsg, Payee};

/// Ann sells from offer 1, bob buys with offer 2; both have something free too.
fn busy() -> (Assets, Addr, Addr) {
    let mut assets = Assets::new(2);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let entries = [(&ann, sell("0-5"), 1_000), (&bob, buy("0-5"), 1_000)];
    assets.issue(&entries).expect("it is safe");
    assets.fund(&bob, 500_000).expect("coins");
    assets
        .lock(1, &ann, sell("0-5"), 900, 0)
        .expect("she has it");
    assets
        .lock(2, &bob, buy("0-5"), 900, 400_000)
        .expect("he has it");
    assets
        .settle(3, &[trade(1, 2, 300, 100_000)])
        .expect("locked");
    (assets, ann, bob)
}

#[test]
fn roles_are_checked_before_anything_else() {
    let (mut assets, ann, bob) = busy();
    let operators = [
        ExecuteMsg::RegisterMarket {
            market: ann.to_string(),
        },
        ExecuteMsg::RemoveMarket {
            market: assets.market.to_string(),
        },
        ExecuteMsg::SetIssueLimit {
            feeder: 77,
            limit: None,
        },
        issue(&[]),
        issue(&[(&ann, sell("0-5"), 1)]),
        credit(&[]),
        pay_out(&[]),
        deposit_energy(Some(&bob), &[]),
    ];
    let market = assets.market.clone();
    for message in operators {
        for sender in [&ann, &market] {
            let expected = format!("sender: {sender} is not the operator");
            assets.refuses(sender, &message, &expected);
        }
    }
    let markets = [
        lock(9, &ann, sell("0-5"), 100, 0),
        settle(3, &[]),
        settle(3, &[trade(1, 2, 1, 1)]),
        release(&[]),
        release(&[1]),
    ];
    let operator = assets.operator.clone();
    for message in markets {
        for sender in [&ann, &operator] {
            let expected = format!("sender: {sender} is not a registered market");
            assets.refuses(sender, &message, &expected);
        }
    }
}

#[test]
fn a_new_operator_of_the_grid_is_the_operator_here() {
    let (mut assets, ann, _) = busy();
    let successor = assets.billing.chain.suite.address("successor");
    let suite = &mut assets.billing.chain.suite;
    suite.propose_operator(&successor).expect("the operator's");
    suite.accept_operator(&successor).expect("the proposed");
    let message = issue(&[(&ann, sell("0-5"), 1)]);
    let former = assets.operator.clone();
    let expected = format!("sender: {former} is not the operator");
    assets.refuses(&former, &message, &expected);
    assets.send(&successor, &message, 0).expect("in office");
}

#[test]
fn what_others_hold_cannot_be_touched() {
    let (mut assets, ann, bob) = busy();
    let eve = assets.holder("eve");
    assets.fund(&eve, 1).expect("coins");
    let permit = "permit (Sell, feeder 1, intervals 0-5): asked for";
    for (message, expected) in [
        (
            split(sell("0-5"), &[("0", 5)]),
            format!("{permit} 5 Wh, {eve} has 0 Wh"),
        ),
        (
            retire(Asset::Permit(sell("0-5")), 7),
            format!("{permit} 7 Wh, {eve} has 0 Wh"),
        ),
        (
            retire(Asset::Claim(bought(3)), 7),
            format!("claim (Buy, feeder 1, interval 3): asked for 7 Wh, {eve} has 0 Wh"),
        ),
        (
            deposit_energy(None, &[(sold(3), 1)]),
            format!("claim (Sell, feeder 1, interval 3): asked for 1 Wh, {eve} has 0 Wh"),
        ),
        (withdraw(2), format!("amount: asked for 2 µ, {eve} has 1 µ")),
        (
            ExecuteMsg::DepositFinancial {
                amount: 2u128.into(),
                credit: Credit::Coins,
            },
            format!("amount: asked for 2 µ, {eve} has 1 µ"),
        ),
    ] {
        assets.refuses(&eve, &message, &expected);
    }
    let stranger = assets.billing.chain.suite.address("stranger");
    let expected = format!("holder: {stranger} has never held anything");
    assets.refuses(&stranger, &withdraw(1), &expected);
    assert_eq!(assets.permit(&ann, sell("0-5")), 100);
    assert_eq!(assets.money(&bob), 100_000);
    assets.assert_conserved();
}

#[test]
fn claims_and_deposits_are_spent_once() {
    let (mut assets, ann, _) = busy();
    let twice = deposit_energy(None, &[(sold(3), 200), (sold(3), 200)]);
    let expected =
        format!("claim (Sell, feeder 1, interval 3): asked for 200 Wh, {ann} has 100 Wh");
    assets.refuses(&ann, &twice, &expected);
    assets
        .deposit_energy(&ann, &[(sold(3), 300)])
        .expect("her own");
    let again = deposit_energy(None, &[(sold(3), 1)]);
    let expected = format!("claim (Sell, feeder 1, interval 3): asked for 1 Wh, {ann} has 0 Wh");
    assets.refuses(&ann, &again, &expected);
    let (operator, home) = (assets.operator.clone(), assets.billing.home(0));
    assets.credit(&[(&home, 3, 300)]).expect("deposited");
    let other = assets.billing.home(1);
    let expected = "rows: claim (Sell, feeder 1, interval 3): 1 Wh to credit, 0 Wh were deposited and not credited";
    assets.refuses(&operator, &credit(&[(&other, 3, 1)]), expected);
    assets.assert_conserved();
}

#[test]
fn trades_of_a_past_settlement_do_not_settle_again_beyond_the_lock() {
    let (mut assets, _, _) = busy();
    // Replays run out of what is locked, and then out of the lock.
    assets
        .settle(3, &[trade(1, 2, 300, 100_000)])
        .expect("still locked");
    assets
        .settle(3, &[trade(1, 2, 300, 200_000)])
        .expect("the rest");
    let replay = settle(3, &[trade(1, 2, 300, 0)]);
    let expected = "trades: interval 3, offer 1: 300 Wh are more than the 0 Wh locked";
    assets.refuses_market(&replay, expected);
    assets.release(&[1, 2]).expect("the market's");
    assets.refuses_market(&replay, "offer 1: it has no lock");
    assets.assert_conserved();
}

#[test]
fn malformed_addresses_and_sets_are_named() {
    let (mut assets, ann, _) = busy();
    let operator = assets.operator.clone();
    let bad = Addr::unchecked("NOBODY");
    let cases = [
        (
            &operator,
            issue(&[(&bad, sell("0-5"), 1)]),
            "entries.holder",
        ),
        (&operator, credit(&[(&bad, 3, 1)]), "rows.account"),
        (&ann, expire(&bad, sell("0-5")), "holder"),
        (
            &operator,
            pay_out(&[(Payee::Address(bad.to_string()), 1)]),
            "rows.payee.address",
        ),
        (
            &operator,
            pay_out(&[(Payee::Account(bad.to_string()), 1)]),
            "rows.payee.account",
        ),
    ];
    for (sender, message, field) in cases {
        let before = assets.billing.chain.suite.state(&assets.contract);
        let error = assets.send(sender, &message, 0).unwrap_err().to_string();
        let expected = format!("{field}: 'NOBODY' is not an address");
        assert!(error.contains(&expected), "{error}");
        assert_eq!(assets.billing.chain.suite.state(&assets.contract), before);
    }
    for set in ["", "5-2", "3,2", "0-128", "1-4294967296", "x"] {
        let json = format!(
            r#"{{"expire":{{"holder":"{ann}","class":{{"side":"sell","feeder":1,"intervals":"{set}"}}}}}}"#
        );
        let error = serde_json::from_str::<ExecuteMsg>(&json).unwrap_err();
        let expected = format!("'{set}' is not a set of intervals");
        assert!(error.to_string().contains(&expected), "{error}");
    }
}
