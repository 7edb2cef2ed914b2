//! Solvers that are slow, many, hostile or none: every interval becomes final in time, from the best
//! feasible candidate.

mod common;

use common::trading::{HOUR, Market, plan};
use gridweave_agents::market::hostile::{Attack, Fault};
use gridweave_agents::market::keeper;
use gridweave_agents::market::solver::{Effort, Solver, Strategy, Turn};
use gridweave_agents::market::terms::MarketChoice;
use gridweave_chain::Chain;
use gridweave_model::market::{MarketObjective, MarketPricing};
use gridweave_types::assets::Side;

/// Faults of a market that sets prices, with the reason that the contract announces.
const ANNOUNCED: [(Fault, &str, &str); 6] = [
    (Fault::Energy, "energy", "offer 1 would trade 5001 Wh"),
    (Fault::Stolen, "wrong_side", "offer 3"),
    (
        Fault::Outside,
        "outside_set",
        "does not trade in interval 2",
    ),
    (
        Fault::Unmatchable,
        "not_matchable",
        "offer 2 asks 250000 µ/kWh",
    ),
    (
        Fault::Feeder,
        "export",
        "feeder 1 would export 3000 Wh net in interval 0, at most 2000",
    ),
    (
        Fault::Overpriced,
        "price",
        "at 200001 µ/kWh, expected 100000 to 200000",
    ),
];

fn priced() -> MarketChoice {
    MarketChoice {
        objective: MarketObjective::Energy,
        pricing: MarketPricing::Solver,
        ..MarketChoice::default()
    }
}

#[tokio::test]
async fn without_solvers_intervals_become_final_and_empty() {
    let market = Market::open(MarketChoice::default(), |_| {}).await;
    market.stock().await;
    for interval in 0..2 {
        assert_eq!(market.finalize(interval).await, 0);
    }
}

#[tokio::test]
async fn a_slow_solver_is_used_from_a_later_round_on() {
    let market = Market::open(MarketChoice::default(), |_| {}).await;
    market.stock().await;
    let seconds = HOUR + HOUR / 2;
    let mut slow = market.solver("slow", Strategy::Slow { seconds }).await;
    assert!(matches!(
        slow.turn(&market.chain).await.unwrap(),
        Turn::Waiting(_)
    ));
    assert_eq!(market.finalize(0).await, 0);
    // It has to drop what is final by now.
    assert!(matches!(
        slow.turn(&market.chain).await.unwrap(),
        Turn::Waiting(_)
    ));
    market.chain.advance_block(HOUR / 2).await.unwrap();
    assert!(matches!(
        slow.turn(&market.chain).await.unwrap(),
        Turn::Submitted(_)
    ));
    assert_eq!(market.finalize(1).await, 2_000);
}

#[tokio::test]
async fn a_slow_solver_does_not_replace_what_is_better() {
    let market = Market::open(MarketChoice::default(), |_| {}).await;
    market.stock().await;
    let mut slow = market.solver("slow", Strategy::Slow { seconds: 60 }).await;
    let mut exact = market.solver("exact", Strategy::Exact).await;
    assert!(matches!(
        slow.turn(&market.chain).await.unwrap(),
        Turn::Waiting(_)
    ));
    assert!(matches!(
        exact.turn(&market.chain).await.unwrap(),
        Turn::Submitted(_)
    ));
    let best = market.objective().await;
    market.chain.advance_block(60).await.unwrap();
    assert!(matches!(
        slow.turn(&market.chain).await.unwrap(),
        Turn::Kept(_)
    ));
    assert_eq!(market.objective().await, best);
    assert_eq!(market.events("solution_rejected").await, []);
}

#[tokio::test]
async fn every_fault_is_rejected_by_its_name_and_the_candidate_stays() {
    let market = Market::open(priced(), |_| {}).await;
    market.stock().await;
    let mut exact = market.solver("exact", Strategy::Exact).await;
    assert!(matches!(
        exact.turn(&market.chain).await.unwrap(),
        Turn::Submitted(_)
    ));
    let best = market.objective().await;
    let faults = ANNOUNCED.map(|(fault, ..)| fault);
    let mut hostile = market.hostile(&faults).await;
    for (fault, reason, amounts) in ANNOUNCED {
        let (tried, attack) = hostile.turn(&market.chain).await.unwrap();
        assert_eq!(tried, fault);
        let Attack::Rejected {
            reason: found,
            detail,
        } = attack
        else {
            panic!("{fault:?}: {attack:?}");
        };
        assert_eq!(found, reason, "{fault:?}: {detail}");
        assert!(detail.contains(amounts), "{fault:?}: {detail}");
        assert_eq!(market.objective().await, best, "{fault:?}");
    }
    let rejected = market.events("solution_rejected").await;
    let reasons = rejected
        .iter()
        .filter_map(|event| event.attribute("reason"));
    let reasons: Vec<_> = reasons.collect();
    assert_eq!(reasons, ANNOUNCED.map(|(_, reason, _)| reason));
    // Each cost a part of the bond, which was filled up again.
    assert!(
        rejected
            .iter()
            .all(|event| event.attribute("penalty") == Some("100000"))
    );
    assert_eq!(market.finalize(0).await, 2_000);
    assert_eq!(market.finalize(1).await, 2_000);
}

#[tokio::test]
async fn stale_oversized_and_unreadable_solutions_change_nothing() {
    let small = |terms: &mut gridweave_types::market::InstantiateMsg| {
        terms.limits.interval_trades = 1;
    };
    let market = Market::open(priced(), small).await;
    market.stock().await;
    market
        .offer(4, 0, plan(Side::Buy, (2, 200_000), (0, 2), 100))
        .await;
    let faults = [
        Fault::Stale,
        Fault::Oversized,
        Fault::Garbage,
        Fault::Certificate,
    ];
    let mut hostile = market.hostile(&faults).await;
    // In the first round there is no earlier one.
    assert_eq!(
        hostile.turn(&market.chain).await.unwrap(),
        (Fault::Stale, Attack::None)
    );
    let (_, attack) = hostile.turn(&market.chain).await.unwrap();
    let Attack::Rejected { reason, detail } = attack else {
        panic!("{attack:?}");
    };
    assert_eq!(reason, "too_many_trades");
    assert!(detail.contains("interval 0 has more than 1"), "{detail}");
    let (_, attack) = hostile.turn(&market.chain).await.unwrap();
    let Attack::Refused { reason } = attack else {
        panic!("{attack:?}");
    };
    assert!(
        reason.contains("33 bytes, expected a multiple of 22"),
        "{reason}"
    );
    assert_eq!(market.finalize(0).await, 0);

    hostile.turn(&market.chain).await.unwrap();
    let (fault, attack) = hostile.turn(&market.chain).await.unwrap();
    assert_eq!(fault, Fault::Stale);
    assert_eq!(
        attack,
        Attack::Rejected {
            reason: "stale".into(),
            detail: "round: 0 is over".into()
        }
    );
    let rejected = market.events("solution_rejected").await;
    assert_eq!(rejected.last().unwrap().attribute("penalty"), Some("0"));
}

#[tokio::test]
async fn duals_out_of_nowhere_bound_worse_and_never_falsely() {
    let market = Market::open(priced(), |_| {}).await;
    market.stock().await;
    let mut hostile = market.hostile(&[Fault::Certificate]).await;
    let (_, attack) = hostile.turn(&market.chain).await.unwrap();
    assert_eq!(attack, Attack::Accepted);
    let accepted = market.events("solution_accepted").await;
    // All that is offered for sale, which nothing bounds; the true bound is 4 kWh.
    assert_eq!(accepted[0].attribute("bound"), Some("5500"));
    assert_eq!(accepted[0].attribute("ratio_ppm"), Some("727272"));
    let mut exact = market.solver("exact", Strategy::Exact).await;
    let turn = exact.turn(&market.chain).await.unwrap();
    assert!(matches!(turn, Turn::Kept(_)), "{turn:?}");
}

#[tokio::test]
async fn solutions_are_committed_first_and_revealed_in_a_later_block() {
    let choice = MarketChoice {
        reveal: Some(100),
        ..MarketChoice::default()
    };
    let market = Market::open(choice, |_| {}).await;
    market.stock().await;
    let folder = std::env::temp_dir().join(format!("gridweave-fleet-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("exact.json");
    let exact = market.solver("exact", Strategy::Exact).await;
    let mut exact = exact.with_safe(&market.chain, file.clone()).await.unwrap();
    let mut hostile = market.hostile(&[Fault::Withheld]).await;
    assert!(matches!(
        exact.turn(&market.chain).await.unwrap(),
        Turn::Waiting(_)
    ));
    assert_eq!(
        hostile.turn(&market.chain).await.unwrap().1,
        Attack::Committed
    );
    // Not in the same block.
    assert!(matches!(
        exact.turn(&market.chain).await.unwrap(),
        Turn::Waiting(_)
    ));
    assert_eq!(market.objective().await, 0);
    market.chain.advance_block(5).await.unwrap();

    // It dies, and goes on where it was.
    let signer = exact.desk().signer.clone();
    drop(exact);
    let again = Solver::register(&market.chain, signer, &market.address, Strategy::Exact);
    let again = again.await.unwrap();
    let mut again = again.with_safe(&market.chain, file).await.unwrap();
    assert!(matches!(
        again.turn(&market.chain).await.unwrap(),
        Turn::Submitted(_)
    ));
    assert!(market.objective().await > 0);
    std::fs::remove_dir_all(&folder).unwrap();

    let keeper = market.chain.signer("keeper").await.unwrap();
    let forfeit = || keeper::forfeit(&market.chain, &keeper, &market.address);
    assert_eq!(forfeit().await.unwrap(), 0);
    market.chain.advance_block(100).await.unwrap();
    assert_eq!(forfeit().await.unwrap(), 1);
    let withheld = market.events("solution_withheld").await;
    let solver = withheld[0].attribute("solver").unwrap();
    assert_eq!(solver, hostile.desk().signer.address);
    assert_eq!(market.finalize(0).await, 2_000);
}

#[tokio::test]
async fn a_commitment_that_nobody_remembers_costs_the_forfeit_and_no_more() {
    let choice = MarketChoice {
        reveal: Some(10),
        ..MarketChoice::default()
    };
    let market = Market::open(choice, |_| {}).await;
    market.stock().await;
    let mut first = market.solver("exact", Strategy::Exact).await;
    first.turn(&market.chain).await.unwrap();
    let signer = first.desk().signer.clone();
    let again = Solver::register(&market.chain, signer, &market.address, Strategy::Exact);
    let mut again = again.await.unwrap();
    for turn in [
        again.turn(&market.chain).await,
        again.turn(&market.chain).await,
    ] {
        assert!(matches!(turn.unwrap(), Turn::Waiting(_)));
    }
    market.chain.advance_block(11).await.unwrap();
    assert!(matches!(
        again.turn(&market.chain).await.unwrap(),
        Turn::Late(_)
    ));
    assert_eq!(market.events("solution_withheld").await.len(), 1);
    assert!(matches!(
        again.turn(&market.chain).await.unwrap(),
        Turn::Waiting(_)
    ));
    market.chain.advance_block(1).await.unwrap();
    assert!(matches!(
        again.turn(&market.chain).await.unwrap(),
        Turn::Submitted(_)
    ));
    assert_eq!(market.finalize(0).await, 2_000);
}

#[tokio::test]
async fn a_large_book_gets_a_quick_solution_first() {
    let market = Market::open(MarketChoice::default(), |_| {}).await;
    market.stock().await;
    let solver = market.solver("exact", Strategy::Exact).await;
    let mut solver = solver.with_effort(Effort {
        large: 1,
        ..Effort::default()
    });
    let turn = solver.turn(&market.chain).await.unwrap();
    assert!(matches!(turn, Turn::Submitted(_)), "{turn:?}");
    let accepted = market.events("solution_accepted").await;
    // Greedy has no certificate.
    assert_eq!(accepted[0].attribute("ratio_ppm"), None);
    assert_eq!(market.finalize(0).await, 2_000);
}
