//! The longest lists and the largest numbers.

use cosmwasm_std::Addr;
use gridweave_testkit::assets::send::{
    credit, deposit_energy, issue, pay_out, release, settle, split,
};
use gridweave_testkit::assets::{Assets, buy, sell, sold, trade};
use gridweave_types::assets::{ExecuteMsg, Payee};

#[test]
fn oversized_and_empty_lists_are_refused() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    let operator = assets.operator.clone();
    let home = assets.billing.home(0);
    let payee = || Payee::Address(home.to_string());
    let trades = |count: usize| settle(3, &vec![trade(1, 2, 1, 0); count]);
    let cases: Vec<(&Addr, ExecuteMsg, &str)> = vec![
        (
            &operator,
            credit(&[]),
            "number of rows is 0, expected 1 to 200",
        ),
        (
            &operator,
            credit(&vec![(&home, 3, 1); 201]),
            "number of rows is 201, expected 1 to 200",
        ),
        (
            &operator,
            pay_out(&[]),
            "number of rows is 0, expected 1 to 100",
        ),
        (
            &operator,
            pay_out(&vec![(payee(), 1); 101]),
            "number of rows is 101, expected 1 to 100",
        ),
        (
            &ann,
            split(sell("0-5"), &[]),
            "number of parts is 0, expected 1 to 100",
        ),
        (
            &ann,
            split(sell("0-5"), &[("0", 1); 101]),
            "number of parts is 101, expected 1 to 100",
        ),
        (
            &ann,
            deposit_energy(None, &[(sold(3), 1); 201]),
            "number of claims is 201, expected 1 to 200",
        ),
    ];
    for (sender, message, expected) in cases {
        assets.refuses(sender, &message, expected);
    }
    assets.refuses_market(&trades(0), "number of trades is 0, expected 1 to 1000");
    assets.refuses_market(
        &trades(1_001),
        "number of trades is 1001, expected 1 to 1000",
    );
    let many: Vec<u64> = (0..1_001).collect();
    let expected = "number of offers is 1001, expected 1 to 1000";
    assets.refuses_market(&release(&many), expected);
    assets.assert_conserved();
}

#[test]
fn numbers_at_the_limits_of_their_types_are_refused_or_conserved() {
    let mut assets = Assets::new(1);
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let operator = assets.operator.clone();
    let most = u64::MAX;
    let entries = [(&ann, sell("0-5"), most - 5), (&bob, buy("0-5"), 5)];
    assets.issue(&entries).expect("all there is");
    let one_more = issue(&[(&bob, buy("9"), 1)]);
    assets.refuses(&operator, &one_more, "issued energy exceeds its range");
    let expected = format!(
        "permit (Sell, feeder 1, intervals 0-5): asked for {most} Wh, {ann} has {} Wh",
        most - 5
    );
    let twice = split(sell("0-5"), &[("0", most)]);
    assets.refuses(&ann, &twice, &expected);
    let sum = split(sell("0-5"), &[("0", most - 5), ("0", 6)]);
    assets.refuses(&ann, &sum, "energy of the parts exceeds its range");
    let all = split(sell("0-5"), &[("0", most - 5)]);
    assets.send(&ann, &all, 0).expect("to the last watt-hour");
    assets
        .lock(1, &ann, sell("0"), most - 5, 0)
        .expect("all of it");
    assets.lock(2, &bob, buy("0-5"), 5, 0).expect("all of it");
    let expected = format!(
        "trades: interval 0, offer 1: {most} Wh are more than the {} Wh locked",
        most - 5
    );
    assets.refuses_market(&settle(0, &[trade(1, 2, most, 0)]), &expected);
    let expected = format!(
        "trades: interval 0, offer 2: {} µ are more than the 0 µ locked",
        u128::MAX
    );
    assets.refuses_market(&settle(0, &[trade(1, 2, 1, u128::MAX)]), &expected);
    assets.settle(0, &[trade(1, 2, 5, 0)]).expect("locked");
    let home = assets.billing.home(0);
    let rows = [(&home, 0, i64::MIN); 2];
    let expected = "energy of an account exceeds its range";
    assets.refuses(&operator, &credit(&rows), expected);
    let rows = [(&home, 0, i64::MAX); 2];
    let expected = "rows: claim (Sell, feeder 1, interval 0): 18446744073709551614 Wh to credit, 0 Wh were deposited and not credited";
    assets.refuses(&operator, &credit(&rows), expected);
    assets.assert_conserved();
}
