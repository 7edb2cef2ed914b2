//! The operator's own limit of permits per interval, feeder and side.

use gridweave_testkit::assets::send::{issue, retire, split};
use gridweave_testkit::assets::{Assets, FAR, buy, permit, sell};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_types::assets::{Asset, ExecuteMsg, IssuedResponse, QueryMsg, Side};

fn limit(feeder: u32, limit: Option<u64>) -> ExecuteMsg {
    let limit = limit.map(Into::into);
    ExecuteMsg::SetIssueLimit { feeder, limit }
}

/// Energy of permits on one side of the feeder in intervals 0, 1, ….
fn issued(assets: &Assets, side: Side, count: u32) -> Vec<u64> {
    let answer: IssuedResponse = assets
        .ask(&QueryMsg::Issued {
            feeder: FEEDER,
            side,
            from: 0,
            limit: Some(count),
        })
        .expect("every interval has a number");
    let intervals = answer.intervals.into_iter();
    intervals.map(|row| row.energy.u64()).collect()
}

#[test]
fn permits_are_counted_in_each_of_their_intervals() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    let entries = [
        (&ann, sell("0-3"), 500),
        (&ann, sell("3"), 70),
        (&ann, buy("2,5"), 900),
    ];
    assets.issue(&entries).expect("it is safe");
    assert_eq!(issued(&assets, Side::Sell, 5), [500, 500, 500, 570, 0]);
    assert_eq!(issued(&assets, Side::Buy, 6), [0, 0, 900, 0, 0, 900]);
    let operator = assets.operator.clone();
    let expected = "feeder: 77 is not registered in grid";
    assets.refuses(&operator, &limit(77, Some(5)), expected);
}

#[test]
fn the_operators_limit_holds_to_the_watt_hour_in_every_interval() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets
        .operate(&limit(FEEDER, Some(1_000)))
        .expect("the operator's");
    assets.issue(&[(&ann, sell("30-33"), 600)]).expect("below");
    // Blocks of 32 intervals are stored together; the set spans two.
    assets
        .issue(&[(&ann, sell("33-70"), 400)])
        .expect("exactly");
    assets
        .issue(&[(&ann, buy("30-33"), 1_000)])
        .expect("sides are apart");
    let far = permit(Side::Sell, FAR, "30-33");
    assets.issue(&[(&ann, far, 1_001)]).expect("no limit there");
    let operator = assets.operator.clone();
    assets.refuses(
        &operator,
        &issue(&[(&ann, sell("40"), 600), (&ann, sell("20-64"), 1)]),
        "entries: feeder 1, Sell, interval 33: 1 Wh more than the 1000 Wh issued exceed the limit of 1000 Wh",
    );
    assets
        .operate(&limit(FEEDER, None))
        .expect("the operator's");
    assets
        .issue(&[(&ann, sell("33"), 1)])
        .expect("no limit now");
    assets
        .operate(&limit(FEEDER, Some(10)))
        .expect("what is issued stays");
    let refused = issue(&[(&ann, sell("33"), 1)]);
    assets.refuses(
        &operator,
        &refused,
        "entries: feeder 1, Sell, interval 33: 1 Wh more than the 1001 Wh issued exceed the limit of 10 Wh",
    );
    assets.assert_conserved();
}

#[test]
fn retired_and_narrowed_permits_make_room_below_the_limit() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets
        .operate(&limit(FEEDER, Some(100)))
        .expect("the operator's");
    assets.issue(&[(&ann, sell("0-3"), 100)]).expect("below");
    assets
        .send(&ann, &split(sell("0-3"), &[("1", 60)]), 0)
        .expect("her own");
    assert_eq!(issued(&assets, Side::Sell, 4), [40, 100, 40, 40]);
    assets
        .issue(&[(&ann, sell("2-3"), 60)])
        .expect("room was made");
    let retired = retire(Asset::Permit(sell("1")), 20);
    assets.send(&ann, &retired, 0).expect("her own");
    assert_eq!(issued(&assets, Side::Sell, 4), [40, 80, 100, 100]);
    assets.assert_conserved();
}
