//! Claims: handed over, credited to accounts, settled against the meter.

use cosmwasm_std::Addr;
use gridweave_testkit::assert_event;
use gridweave_testkit::assets::send::{credit, deposit_energy, retire};
use gridweave_testkit::assets::{
    Assets, FAR, PRICE_LIMIT, bought, buy, claim, permit, sell, sold, trade,
};
use gridweave_testkit::billing::{COLLATERAL, attribute, events};
use gridweave_types::assets::{Asset, Side};
use gridweave_types::billing::ExecuteMsg as BillingMsg;

/// Ann has sold 3 kWh and bob bought them in interval 4, at 200,000 µ/kWh on average.
fn traded() -> (Assets, Addr, Addr) {
    let mut assets = Assets::new(3);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let entries = [(&ann, sell("2-5"), 5_000), (&bob, buy("2-5"), 5_000)];
    assets.issue(&entries).expect("it is safe");
    assets.fund(&bob, 2_000_000).expect("coins");
    assets
        .lock(1, &ann, sell("2-5"), 5_000, 0)
        .expect("she has it");
    assets
        .lock(2, &bob, buy("2-5"), 5_000, 2_000_000)
        .expect("he has it");
    let trades = [trade(1, 2, 2_000, 300_000), trade(1, 2, 1_000, 300_000)];
    assets.settle(4, &trades).expect("both are locked");
    (assets, ann, bob)
}

#[test]
fn deposits_become_paid_commitments_and_the_metered_day_settles() {
    let (mut assets, ann, bob) = traded();
    for home in 0..2 {
        assets.billing.top_up(home, 5 * COLLATERAL).expect("coins");
    }
    let response = assets.deposit_energy(&ann, &[(sold(4), 3_000)]);
    let response = response.expect("her own");
    let handed = events(&response, "energy_deposited");
    assert_eq!(attribute(handed[0], "holder"), ann.as_str());
    assert_eq!(attribute(handed[0], "interval"), "4");
    assert_eq!(attribute(handed[0], "energy"), "3000");
    assets
        .deposit_energy(&bob, &[(bought(4), 3_000)])
        .expect("his own");
    assert_eq!(assets.claims(&ann), []);
    let homes = [0, 1].map(|home| assets.billing.home(home));
    let response = assets
        .credit(&[(&homes[0], 4, 3_000), (&homes[1], 4, -3_000)])
        .expect("deposited");
    let (contract, billing) = (assets.contract.clone(), assets.billing.contract.to_string());
    assert_event(
        &response,
        &contract,
        &[
            ("action", "deposits_credited"),
            ("billing", &billing),
            ("commitments", "2"),
        ],
    );
    let credited = events(&response, "deposit_credited");
    assert_eq!(credited.len(), 2);
    for (key, value) in [
        ("side", "buy"),
        ("feeder", "1"),
        ("interval", "4"),
        ("energy", "3000"),
        ("price", "200000"),
    ] {
        assert_eq!(attribute(credited[1], key), value);
    }
    let line = assets.billing.line(0, 4);
    assert_eq!((line.energy.i64(), line.committed.i128()), (3_000, 0));

    assets.begin(5);
    assets.billing.read(0, 4, &[2_500]).expect("in time");
    assets.billing.read(1, 4, &[-3_000]).expect("in time");
    assets.billing.until_settlement(4);
    assets.billing.settle(4).expect("it is time");
    // Paid at finalization: only the 500 Wh short cost, at 200,000 µ/kWh and 10 %.
    assert_eq!(assets.billing.amount(0, 4), -110_000);
    assert_eq!(assets.billing.amount(1, 4), 0);
    let delivery = assets.delivery(sold(4));
    assert_eq!(delivery.price.u64(), 200_000);
    assert_eq!(
        (delivery.deposited.u64(), delivery.credited.u64()),
        (3_000, 3_000)
    );
    assets.assert_conserved();
    assets.billing.assert_books_balance();
}

#[test]
fn no_more_is_credited_than_was_deposited_there() {
    let (mut assets, ann, bob) = traded();
    assets
        .deposit_energy(&ann, &[(sold(4), 2_000)])
        .expect("her own");
    assets
        .deposit_energy(&bob, &[(bought(4), 500)])
        .expect("his own");
    let operator = assets.operator.clone();
    // Accounts are credited in the order of their addresses.
    let mut homes = [0, 1].map(|home| assets.billing.home(home));
    homes.sort();
    let [one, two] = homes;
    let far = assets.far.clone();
    for (rows, class, asked, held) in [
        (
            vec![(&one, 4, 2_001)],
            "(Sell, feeder 1, interval 4)",
            2_001,
            2_000,
        ),
        (
            vec![(&one, 4, 1_500), (&two, 4, 501)],
            "(Sell, feeder 1, interval 4)",
            501,
            500,
        ),
        (
            vec![(&one, 4, 1_500), (&one, 4, 501)],
            "(Sell, feeder 1, interval 4)",
            2_001,
            2_000,
        ),
        (vec![(&one, 3, 1)], "(Sell, feeder 1, interval 3)", 1, 0),
        (
            vec![(&one, 4, -501)],
            "(Buy, feeder 1, interval 4)",
            501,
            500,
        ),
        (vec![(&far, 4, 1)], "(Sell, feeder 2, interval 4)", 1, 0),
    ] {
        let expected = format!(
            "rows: claim {class}: {asked} Wh to credit, {held} Wh were deposited and not credited"
        );
        assets.refuses(&operator, &credit(&rows), &expected);
    }
    assets.credit(&[(&one, 4, 1_500)]).expect("deposited");
    let expected = "rows: claim (Sell, feeder 1, interval 4): 501 Wh to credit, 500 Wh were deposited and not credited";
    assets.refuses(&operator, &credit(&[(&two, 4, 501)]), expected);
    assets.credit(&[(&two, 4, 500)]).expect("the rest");
    assets.assert_conserved();
}

#[test]
fn rows_of_one_account_and_interval_are_summed_up() {
    let (mut assets, ann, bob) = traded();
    assets
        .deposit_energy(&ann, &[(sold(4), 3_000)])
        .expect("her own");
    assets
        .deposit_energy(&bob, &[(bought(4), 1_000)])
        .expect("his own");
    let home = assets.billing.home(0);
    let rows = [(&home, 4, 2_000), (&home, 4, -1_000), (&home, 4, 500)];
    assets.credit(&rows).expect("deposited");
    assert_eq!(assets.billing.line(0, 4).energy.i64(), 1_500);
    assert_eq!(assets.delivery(sold(4)).credited.u64(), 2_500);
    assert_eq!(assets.delivery(bought(4)).credited.u64(), 1_000);
}

#[test]
fn deposits_survive_a_billing_that_refuses() {
    let (mut assets, ann, _) = traded();
    assets
        .deposit_energy(&ann, &[(sold(4), 3_000)])
        .expect("her own");
    let home = assets.billing.home(0);
    let operator = assets.operator.clone();
    let contract = assets.contract.to_string();
    assets
        .billing
        .operate(&BillingMsg::RemoveSource { contract })
        .expect("a known source");
    let expected = format!(
        "source: {} is not registered as an active source of recorded commitments",
        assets.contract
    );
    assets.refuses(&operator, &credit(&[(&home, 4, 3_000)]), &expected);
    // One row that cannot be recorded takes the others back with it.
    let contract = assets.contract.to_string();
    assets
        .billing
        .operate(&BillingMsg::RegisterSource {
            contract,
            kind: gridweave_types::billing::SourceKind::Recorder,
        })
        .expect("it comes back");
    assets.credit(&[(&home, 4, 1_000)]).expect("deposited");
    let other = assets.billing.home(1);
    let twice = credit(&[(&other, 4, 500), (&home, 4, 500)]);
    let expected = format!("commitments: {home} in interval 4: the source has committed already");
    assets.refuses(&operator, &twice, &expected);
    assets.credit(&[(&other, 4, 2_000)]).expect("still there");
    assets.assert_conserved();
}

#[test]
fn a_deposit_counts_until_its_interval_ends() {
    let (mut assets, ann, bob) = traded();
    let (operator, home) = (assets.operator.clone(), assets.billing.home(0));
    assets.begin(4);
    assets
        .deposit_energy(&ann, &[(sold(4), 3_000)])
        .expect("her own");
    assets.credit(&[(&home, 4, 3_000)]).expect("it lasts");
    assets
        .deposit_energy(&bob, &[(bought(4), 3_000)])
        .expect("his own");
    assets.begin(5);
    let other = assets.billing.home(1);
    let expected = format!("commitments: {other} in interval 4: the interval has ended");
    assets.refuses(&operator, &credit(&[(&other, 4, -3_000)]), &expected);
    assets.assert_conserved();
}

#[test]
fn the_price_of_a_commitment_is_limited() {
    let mut assets = Assets::new(1);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    assets
        .issue(&[(&ann, sell("0"), 2), (&bob, buy("0"), 2)])
        .expect("safe");
    assets.fund(&bob, 900_000).expect("coins");
    assets.lock(1, &ann, sell("0"), 2, 0).expect("she has it");
    assets
        .lock(2, &bob, buy("0"), 2, 900_000)
        .expect("he has it");
    // Two friends trade 2 Wh at 450 per kWh.
    assets
        .settle(0, &[trade(1, 2, 2, 900_000)])
        .expect("locked");
    assert_eq!(assets.delivery(sold(0)).price.u64(), PRICE_LIMIT);
    assets
        .deposit_energy(&ann, &[(sold(0), 2)])
        .expect("her own");
    let home = assets.billing.home(0);
    let response = assets.credit(&[(&home, 0, 2)]).expect("deposited");
    let recorded = events(&response, "commitments_recorded");
    let expected = cosmwasm_std::Binary::from(PRICE_LIMIT.to_le_bytes());
    assert_eq!(attribute(recorded[0], "prices"), expected.to_base64());
}

#[test]
fn the_operator_calls_in_sold_energy_and_nothing_else() {
    let (mut assets, ann, bob) = traded();
    let operator = assets.operator.clone();
    let call = deposit_energy(Some(&ann), &[(sold(4), 3_000)]);
    let expected = format!("sender: {bob} is not the operator");
    assets.refuses(&bob, &call, &expected);
    let bought_too = deposit_energy(Some(&bob), &[(bought(4), 1)]);
    let expected = format!("sender: {operator} is not the holder of the bought energy");
    assets.refuses(&operator, &bought_too, &expected);
    assets.operate(&call).expect("it is owed");
    assert_eq!(assets.claims(&ann), []);
    let again = format!("claim (Sell, feeder 1, interval 4): asked for 3000 Wh, {ann} has 0 Wh");
    assets.refuses(&operator, &call, &again);
    assets.assert_conserved();
}

#[test]
fn bought_energy_may_be_retired_and_sold_energy_may_not() {
    let (mut assets, ann, bob) = traded();
    let response = assets
        .send(&bob, &retire(Asset::Claim(bought(4)), 1_200), 0)
        .expect("his own");
    assert_event(
        &response,
        &assets.contract,
        &[
            ("action", "retired"),
            ("holder", bob.as_str()),
            ("side", "buy"),
            ("feeder", "1"),
            ("interval", "4"),
            ("energy", "1200"),
            ("reason", "no longer needed"),
        ],
    );
    assert_eq!(assets.claims(&bob), [(bought(4), 1_800)]);
    let delivery = assets.delivery(bought(4));
    assert_eq!(
        (delivery.retired.u64(), delivery.claimed.u64()),
        (1_200, 1_800)
    );
    let expected = "claim (Sell, feeder 1, interval 4): sold energy cannot be retired";
    assets.refuses(&ann, &retire(Asset::Claim(sold(4)), 1), expected);
    let none = format!("claim (Buy, feeder 1, interval 4): asked for 1801 Wh, {bob} has 1800 Wh");
    assets.refuses(&bob, &deposit_energy(None, &[(bought(4), 1_801)]), &none);
    assets.assert_conserved();
}

#[test]
fn claims_count_on_the_feeder_of_the_account() {
    let mut assets = Assets::new(1);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let there = permit(Side::Buy, FAR, "0");
    assets
        .issue(&[(&ann, sell("0"), 9), (&bob, there, 9)])
        .expect("safe");
    assets.fund(&bob, 10).expect("coins");
    assets.lock(1, &ann, sell("0"), 9, 0).expect("she has it");
    assets.lock(2, &bob, there, 9, 10).expect("he has it");
    assets.settle(0, &[trade(1, 2, 9, 10)]).expect("locked");
    let far_claim = claim(Side::Buy, FAR, 0);
    assets
        .deposit_energy(&bob, &[(far_claim, 9)])
        .expect("his own");
    let (operator, home) = (assets.operator.clone(), assets.billing.home(0));
    let expected = "rows: claim (Buy, feeder 1, interval 0): 9 Wh to credit, 0 Wh were deposited and not credited";
    assets.refuses(&operator, &credit(&[(&home, 0, -9)]), expected);
    let far = assets.far.clone();
    assets.credit(&[(&far, 0, -9)]).expect("deposited there");
    assets.assert_conserved();
}
