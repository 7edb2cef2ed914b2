//! Solutions in several messages.

use gridweave_market::ContractError;
use gridweave_testkit::assert_refused;
use gridweave_testkit::assets::{FAR, buy, permit, sell};
use gridweave_testkit::market::{BOND, INFEASIBLE, Market, packed, trade};
use gridweave_types::assets::Side;
use gridweave_types::market::ExecuteMsg;

/// Offers 1 and 2 sell on both feeders, 3 and 4 buy on both, 1,000 Wh each in intervals 1 to 4.
fn market() -> Market {
    let mut market = Market::new();
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-4"), 1_000, 15_000);
    market
}

#[test]
fn chunks_are_as_good_as_one_message() {
    let mut market = market();
    let solver = market.solver.clone();
    let begin = ExecuteMsg::BeginSolution { round: 0 };
    market.send(&solver, &begin, 0).unwrap();
    let append = |sequence, trades: &[_]| ExecuteMsg::AppendTrades {
        sequence,
        trades: packed(0, trades),
    };
    let seal = ExecuteMsg::SealSolution {
        certificate: None,
        salt: None,
    };
    let empty = "number of trades is 0, expected 1 to 4294967295";
    market.refuses(&solver, &seal, empty);
    let parts = [
        vec![trade(1, 1, 3, 100, 15_000)],
        vec![trade(1, 1, 4, 50, 15_000), trade(1, 2, 4, 60, 15_000)],
        vec![trade(3, 1, 3, 10, 15_000)],
    ];
    market.refuses(&solver, &append(1, &parts[0]), "sequence: 1, expected 0");
    for (sequence, part) in (0..).zip(&parts) {
        market.send(&solver, &append(sequence, part), 0).unwrap();
    }
    // What is begun counts for nothing yet.
    assert_eq!(market.candidate().objective.i128(), 0);
    market.refuses(
        &solver,
        &begin,
        &format!("solver: {solver} has a solution to seal or abandon"),
    );
    market.send(&solver, &seal, 0).unwrap();
    assert_eq!(market.candidate().objective.i128(), 220);
    assert_eq!(market.candidate_trades(), parts.concat());
    market.assert_candidate();
}

#[test]
fn a_chunk_that_violates_ends_the_solution() {
    let mut market = market();
    let solver = market.solver.clone();
    let before = market
        .assets
        .billing
        .chain
        .suite
        .state(&market.contract)
        .len();
    market
        .send(&solver, &ExecuteMsg::BeginSolution { round: 0 }, 0)
        .unwrap();
    let append = |sequence, trades: &[_]| ExecuteMsg::AppendTrades {
        sequence,
        trades: packed(0, trades),
    };
    let first = append(0, &[trade(1, 1, 3, 600, 15_000)]);
    market.send(&solver, &first, 0).unwrap();
    // Energy is counted across messages.
    let second = append(1, &[trade(2, 1, 4, 401, 15_000)]);
    let response = market.send(&solver, &second, 0).unwrap();
    assert_eq!(market.attribute(&response, "reason"), "energy");
    assert_eq!(
        market.attribute(&response, "penalty"),
        INFEASIBLE.to_string()
    );
    let third = market.send(&solver, &append(2, &[trade(3, 1, 3, 1, 15_000)]), 0);
    assert!(third.is_err());
    let after = market
        .assets
        .billing
        .chain
        .suite
        .state(&market.contract)
        .len();
    assert_eq!(after, before, "nothing of it stays");
    market.assert_conserved();
}

#[test]
fn a_solution_must_be_sealed_in_its_round() {
    let mut market = market();
    let solver = market.solver.clone();
    let begin = |round| ExecuteMsg::BeginSolution { round };
    let append = ExecuteMsg::AppendTrades {
        sequence: 0,
        trades: packed(0, &[trade(1, 1, 3, 600, 15_000)]),
    };
    let seal = ExecuteMsg::SealSolution {
        certificate: None,
        salt: None,
    };
    market.send(&solver, &begin(0), 0).unwrap();
    market.send(&solver, &append, 0).unwrap();
    market.finalize(0);
    market.refuses(&solver, &append, "round: 0, the market is in round 1");
    let response = market.send(&solver, &seal, 0).unwrap();
    assert_eq!(market.attribute(&response, "reason"), "stale");
    // Lowered limits end it too, without penalty.
    market.send(&solver, &begin(1), 0).unwrap();
    market.send(&solver, &append, 0).unwrap();
    market.limit(FAR, [1; 4]).unwrap();
    assert_refused(
        market.send(&solver, &seal, 0),
        &ContractError::LimitsLowered {},
    );
    market
        .send(&solver, &ExecuteMsg::AbandonSolution {}, 0)
        .unwrap();
    assert_eq!(market.solver(&solver).bond.u128(), BOND);
    let nothing = format!("solver: {solver} has no solution begun");
    market.refuses(&solver, &ExecuteMsg::AbandonSolution {}, &nothing);
}
