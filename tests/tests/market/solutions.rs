//! Solutions and the candidate.

use gridweave_testkit::assert_refused;
use gridweave_testkit::assets::{FAR, buy, permit, sell};
use gridweave_testkit::market::{BOND, INFEASIBLE, Market, packed, trade};
use gridweave_types::assets::Side;
use gridweave_types::market::{ExecuteMsg, Objective, Pricing};

use crate::optimum::optimum;

/// Offers 1 and 2 sell on both feeders, 3 and 4 buy on both, 1,000 Wh each in intervals 1 to 4.
fn market() -> Market {
    filled(Market::new())
}

fn filled(mut market: Market) -> Market {
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-4"), 1_000, 15_000);
    market
}

#[test]
fn a_better_solution_replaces_the_candidate() {
    let mut market = market();
    assert_eq!(market.candidate().objective.i128(), 0);
    let first = market.accept(&[trade(1, 1, 3, 400, 15_000)]);
    assert_eq!(market.attribute(&first, "before"), "0");
    assert_eq!(market.attribute(&first, "objective"), "400");
    market.accept(&[trade(1, 1, 3, 400, 15_000), trade(2, 1, 4, 1, 15_000)]);
    market.assert_candidate();
    // As good is not better, and a rejection changes nothing.
    let before = market.candidate();
    let (reason, detail) = market.reject(&[trade(3, 2, 4, 401, 15_000)]);
    assert_eq!(reason, "not_better");
    assert_eq!(detail, "objective: 401 is not above the candidate's 401");
    assert_eq!(market.candidate(), before);
    assert_eq!(market.candidate_intervals().len(), 2);
    assert_eq!(market.solver(&market.solver).bond.u128(), BOND);
    market.accept(&[trade(3, 2, 4, 402, 15_000)]);
    assert_eq!(market.candidate_intervals().len(), 1);
    assert_eq!(market.candidate_trades().len(), 1);
    market.assert_candidate();
    market.assert_conserved();
}

/// A candidate stays feasible when offers are added: nothing has to be checked again.
#[test]
fn the_candidate_survives_more_offers_and_earlier_intervals() {
    let mut market = market();
    market.accept(&[trade(1, 1, 3, 400, 15_000), trade(3, 2, 4, 700, 13_000)]);
    market.post("e", sell("1-9"), 5_000, 1);
    market.post("f", buy("2-9"), 5_000, 50_000);
    market.assert_candidate();
    market.finalize(1);
    assert_eq!(market.candidate().objective.i128(), 700);
    assert_eq!(market.candidate_trades(), [trade(3, 2, 4, 700, 13_000)]);
    market.assert_candidate();
    // What was finalized counts: 600 Wh are left of offer 1.
    let (reason, detail) = market.reject(&[trade(2, 1, 3, 601, 15_000)]);
    assert_eq!(reason, "energy");
    assert_eq!(
        detail,
        "T(3): offer 1 would trade 601 Wh up to interval 2, 600 Wh are left"
    );
    let solver = market.solver.clone();
    let register = ExecuteMsg::RegisterSolver {};
    market.send(&solver, &register, INFEASIBLE).unwrap();
    market.accept(&[trade(2, 1, 3, 600, 15_000), trade(3, 2, 4, 700, 13_000)]);
    market.assert_candidate();
}

#[test]
fn an_infeasible_solution_costs_part_of_the_bond() {
    let mut market = market();
    market.limit(FAR, [500, 500, 2_000, 2_000]).unwrap();
    market.finalize(0);
    let solver = market.solver.clone();
    let (reason, detail) = market.reject(&[trade(1, 2, 3, 501, 15_000)]);
    assert_eq!(reason, "export");
    let expected = format!("T(5): feeder {FAR} would export 501 Wh net in interval 1, at most 500");
    assert_eq!(detail, expected);
    assert_eq!(market.solver(&solver).bond.u128(), BOND - INFEASIBLE);
    assert_eq!(market.books().pool.u128(), INFEASIBLE);
    assert_eq!(market.solver(&solver).rejected, 1);
    // Until the bond is whole again nothing is taken.
    let solution = market.solution(&[trade(1, 1, 3, 1, 15_000)], None);
    let expected = format!("solver: {solver} has a bond of 6000 µ, expected 10000");
    market.refuses(&solver, &solution, &expected);
    let register = ExecuteMsg::RegisterSolver {};
    let short = market.send(&solver, &register, INFEASIBLE - 1);
    let expected = "funds: received 3999umoney, expected 4000umoney";
    assert_refused(short, &expected);
    market.send(&solver, &register, INFEASIBLE).unwrap();
    market.accept(&[trade(1, 1, 3, 1, 15_000)]);
    market.assert_conserved();
}

/// The operator may lower limits at any time: the candidate stays feasible, and who submitted in
/// good faith is not punished.
#[test]
fn lowered_limits_void_intervals_and_excuse_solvers() {
    let mut market = market();
    let trades = [trade(1, 1, 4, 400, 15_000), trade(2, 1, 4, 500, 15_000)];
    market.accept(&trades);
    let response = market.limit(FAR, [10_000, 450, 10_000, 10_000]).unwrap();
    assert_eq!(market.attribute(&response, "voided"), "2");
    assert_eq!(market.candidate().objective.i128(), 400);
    assert!(market.interval(2).void);
    market.assert_candidate();
    let (reason, _) = market.reject(&[trade(2, 1, 4, 451, 15_000)]);
    assert_eq!(reason, "import");
    assert_eq!(market.solver(&market.solver).bond.u128(), BOND);
    // In the next round there is no excuse.
    market.finalize(0);
    market.reject(&[trade(2, 1, 4, 451, 15_000)]);
    assert_eq!(market.solver(&market.solver).bond.u128(), BOND - INFEASIBLE);
    // The void interval trades nothing.
    market.finalize(2);
    assert_eq!(market.open(1).unwrap().traded.u64(), 400);
    assert_eq!(market.open(1).unwrap().candidate.u64(), 0);
    market.assert_candidate();
    market.assert_conserved();
}

#[test]
fn solutions_of_another_round_are_recorded_or_refused() {
    let mut market = market();
    market.finalize(0);
    let solver = market.solver.clone();
    let trades = packed(0, &[trade(1, 1, 3, 10, 15_000)]);
    let message = |round| ExecuteMsg::SubmitSolution {
        round,
        trades: trades.clone(),
        certificate: None,
        salt: None,
    };
    let stale = market.send(&solver, &message(0), 0).unwrap();
    assert_eq!(market.attribute(&stale, "reason"), "stale");
    assert_eq!(market.attribute(&stale, "penalty"), "0");
    market.refuses(&solver, &message(2), "round: 2, the market is in round 1");
    // Once an interval is due, it is finalized first: nobody is last.
    market.begin(1);
    let since = market.assets.billing.now();
    let expected = format!("interval 1 is due since {since}, now is {since}: finalize it first");
    market.refuses(&solver, &message(1), &expected);
}

#[test]
fn midpoint_prices_are_the_contracts() {
    let mut market = filled(Market::with(|terms| terms.pricing = Pricing::Midpoint));
    market.accept(&[trade(1, 1, 4, 400, 999_999)]);
    assert_eq!(market.trades(1)[0].price, 12_500);
    market.finalize(1);
    let seller = market.assets.holder("a");
    // 400 Wh at 12,500 µ/kWh.
    assert_eq!(market.assets.money(&seller), 5_000);
}

#[test]
fn objectives_are_computed_here() {
    let mut welfare = filled(Market::with(|terms| terms.objective = Objective::Welfare));
    welfare.accept(&[trade(1, 2, 4, 900, 13_000)]);
    assert_eq!(welfare.candidate().objective.i128(), 900 * 3_000);
    // Less energy, more welfare.
    welfare.accept(&[trade(1, 1, 3, 300, 13_000)]);
    assert_eq!(welfare.candidate().objective.i128(), 300 * 10_000);
    welfare.assert_candidate();

    let expiring = |terms: &mut gridweave_types::market::InstantiateMsg| {
        terms.objective = Objective::ExpiringFirst;
    };
    let mut expiring = filled(Market::with(expiring));
    let soon = expiring.post("e", sell("1"), 500, 10_000);
    expiring.accept(&[trade(1, 1, 3, 500, 15_000)]);
    let before = expiring.candidate().objective.i128();
    assert_eq!(before, 500 * (10_000 - 4 - 4));
    // The same energy from the offer that is about to expire is worth more.
    expiring.accept(&[trade(1, soon, 3, 500, 15_000)]);
    assert_eq!(
        expiring.candidate().objective.i128(),
        500 * (10_000 - 1 - 4)
    );
    expiring.assert_candidate();
    expiring.finalize(0);
    expiring.assert_candidate();
}

#[test]
fn certificates_are_checked_against_the_book() {
    let mut market = market();
    let (solver, trades) = (
        market.solver.clone(),
        [trade(1, 1, 3, 1_000, 15_000), trade(2, 2, 4, 999, 13_000)],
    );
    let best = optimum(&market);
    assert!((best.objective - 2_000.0).abs() < 1e-3);
    let broken = market.solution(&trades, Some([9u8].into()));
    market.refuses(&solver, &broken, "certificate: format 9, expected 1");
    let certificate = best.certificate.to_bytes().into();
    let message = market.solution(&trades, Some(certificate));
    let response = market.send(&solver, &message, 0).unwrap();
    assert_eq!(market.attribute(&response, "bound"), "2000");
    assert_eq!(market.attribute(&response, "ratio_ppm"), "999500");
    let candidate = market.candidate();
    assert_eq!(candidate.ratio_ppm, Some(999_500));
    assert_eq!(candidate.bound.map(|bound| bound.u128()), Some(2_000));
}
