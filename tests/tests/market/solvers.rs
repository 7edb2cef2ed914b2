//! Solvers: bonds and rewards.

use cosmwasm_std::{Addr, Uint128};
use gridweave_market::ContractError;
use gridweave_testkit::assert_refused;
use gridweave_testkit::assets::{FAR, buy, permit, sell};
use gridweave_testkit::market::{BOND, Market, trade};
use gridweave_types::assets::Side;
use gridweave_types::market::ExecuteMsg;

use crate::optimum::optimum;

fn filled(mut market: Market) -> Market {
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-4"), 1_000, 15_000);
    market
}

#[test]
fn bonds_come_and_go() {
    let mut market = Market::new();
    let solver = market.solver.clone();
    let register = ExecuteMsg::RegisterSolver {};
    let again = market.send(&solver, &register, BOND);
    let expected = ContractError::AlreadyRegistered {
        solver: solver.clone(),
    };
    assert_refused(again, &expected);
    let poor = market.assets.billing.chain.suite.funded("poor");
    let expected = "funds: received 1umoney, expected 10000umoney";
    assert_refused(market.send(&poor, &register, 1), &expected);
    let expected = "funds: received no coins, expected 10000umoney";
    market.refuses(&poor, &register, expected);
    let before = market.assets.billing.coins(&solver);
    let unregister = ExecuteMsg::UnregisterSolver {};
    market.send(&solver, &unregister, 0).unwrap();
    assert_eq!(market.assets.billing.coins(&solver), before + BOND);
    market.refuses(
        &solver,
        &unregister,
        &format!("solver: {solver} is not registered"),
    );
    let solution = market.solution(&[trade(1, 1, 2, 1, 1)], None);
    market.refuses(
        &solver,
        &solution,
        &format!("solver: {solver} is not registered"),
    );
    market.assert_conserved();
}

/// Who improves little gets little, even at the last moment, and certificates pay.
#[test]
fn rewards_follow_certified_improvement() {
    let mut market = filled(Market::new());
    let fund = ExecuteMsg::FundRewards {};
    let (first, sniper) = (market.solver.clone(), market.another("sniper"));
    market.send(&first, &fund, 1_000).unwrap();
    let trades = [trade(1, 1, 3, 500, 15_000), trade(1, 2, 4, 400, 13_000)];
    let best = optimum(&market);
    let certificate = best.certificate.to_bytes();
    let message = market.solution(&trades, Some(certificate.into()));
    market.send(&first, &message, 0).unwrap();
    let ratio = market.candidate().ratio_ppm.unwrap();
    assert_eq!(ratio, 450_000);
    let trades = [trade(1, 1, 3, 500, 15_000), trade(1, 2, 4, 500, 13_000)];
    market.submit(&sniper, &trades).unwrap();
    market.finalize(1);
    // 1,000 units at 100 µ per thousand: 100 µ, 90 and 10, times quality.
    let owed = [&first, &sniper].map(|solver| market.solver(solver).owed.u128());
    assert_eq!(owed, [40, 5]);
    assert_eq!(market.books().pool.u128(), 1_000 - 45);
    market.assert_conserved();
    let before = market.assets.billing.coins(&first);
    let claim = |solver: Option<&Addr>| ExecuteMsg::ClaimReward {
        solver: solver.map(Addr::to_string),
    };
    market.send(&first, &claim(None), 0).unwrap();
    assert_eq!(market.assets.billing.coins(&first), before + 40);
    market.refuses(
        &first,
        &claim(None),
        &format!("solver: {first} has no reward to claim"),
    );
    // Anyone may have a reward paid out, to the solver alone, registered or not.
    market
        .send(&sniper, &ExecuteMsg::UnregisterSolver {}, 0)
        .unwrap();
    market.send(&first, &claim(Some(&sniper)), 0).unwrap();
    assert_eq!(market.books().owed.u128(), 0);
    market.assert_conserved();
}

/// Cancelling and improving again earns nothing: only what becomes final is rewarded.
#[test]
fn rewards_are_limited_by_pool_and_cap() {
    let mut market = filled(Market::with(|terms| {
        terms.reward.interval_cap = Uint128::new(30);
        terms.reward.uncertified_ppm = 1_000_000;
    }));
    let solver = market.solver.clone();
    market.accept(&[trade(1, 1, 3, 500, 15_000), trade(2, 1, 3, 500, 15_000)]);
    market.finalize(1);
    assert_eq!(
        market.solver(&solver).owed.u128(),
        0,
        "an empty pool pays nothing"
    );
    market
        .send(&solver, &ExecuteMsg::FundRewards {}, 100)
        .unwrap();
    market.finalize(2);
    assert_eq!(market.solver(&solver).owed.u128(), 30);
    let defund = ExecuteMsg::DefundRewards {
        amount: Uint128::new(71),
    };
    market.refuses(
        &solver,
        &defund,
        &format!("sender: {solver} is not the operator"),
    );
    let operator = market.operator.clone();
    market.refuses(
        &operator,
        &defund,
        "reward pool: asked for 71 µ, 70 µ are there",
    );
    let all = ExecuteMsg::DefundRewards {
        amount: Uint128::new(70),
    };
    market.send(&operator, &all, 0).unwrap();
    assert_eq!(market.books().pool.u128(), 0);
    market.assert_conserved();
}
