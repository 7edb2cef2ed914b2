//! Attempts to break the market.

use cosmwasm_std::{Binary, Uint64, coins};
use gridweave_testkit::assert_refused;
use gridweave_testkit::assets::{Assets, FAR, buy, permit, sell};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::market::{
    BOND, INFEASIBLE, Market, instantiate, limits, packed, terms, trade,
};
use gridweave_types::assets::{ExecuteMsg as AssetsMsg, Side};
use gridweave_types::market::ExecuteMsg;

fn filled(mut market: Market) -> Market {
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-4"), 1_000, 15_000);
    market
}

#[test]
fn coins_belong_nowhere_but_in_bonds_and_the_pool() {
    let mut market = filled(Market::new());
    let rich = market.assets.billing.chain.suite.funded("rich");
    let expected = "funds: received 5umoney, expected no coins";
    for message in [
        ExecuteMsg::CancelOffer { offer: 1 },
        ExecuteMsg::FinalizeInterval {
            interval: 0,
            limit: None,
        },
        ExecuteMsg::AbandonSolution {},
        ExecuteMsg::ClaimReward { solver: None },
    ] {
        assert_refused(market.send(&rich, &message, 5), &expected);
    }
    let expected = "funds: received no coins, expected one coin of umoney";
    market.refuses(&rich, &ExecuteMsg::FundRewards {}, expected);
    // Other coins are refused too.
    let (contract, other) = (market.contract.clone(), coins(5, "uother"));
    let suite = &mut market.assets.billing.chain.suite;
    suite.app.init_modules(|router, _, storage| {
        let init = router.bank.init_balance(storage, &rich, other.clone());
        init.expect("a balance");
    });
    let sent = suite.execute(&rich, &contract, &ExecuteMsg::FundRewards {}, &other);
    let expected = "funds: received 5uother, expected one coin of umoney";
    assert_refused(sent, &expected);
    market.assert_conserved();
}

#[test]
fn only_the_operator_limits_feeders() {
    let mut market = filled(Market::new());
    let stranger = market.assets.holder("stranger");
    let message = ExecuteMsg::SetFeederLimits {
        feeder: FEEDER,
        limits: limits([0; 4]),
    };
    let expected = format!("sender: {stranger} is not the operator");
    market.refuses(&stranger, &message, &expected);
}

#[test]
fn bytes_that_are_no_trades_are_refused() {
    let mut market = filled(Market::new());
    let solver = market.solver.clone();
    let message = |trades: Vec<u8>| ExecuteMsg::SubmitSolution {
        round: 0,
        trades: trades.into(),
        certificate: None,
        salt: None,
    };
    let expected = "number of trades is 0, expected 1 to 6000";
    market.refuses(&solver, &message(Vec::new()), expected);
    let expected = "trades: 23 bytes, expected a multiple of 22";
    market.refuses(&solver, &message(vec![0; 23]), expected);
    // Zeros are a trade, of nothing.
    let sent = market.send(&solver, &message(vec![0; 22]), 0).unwrap();
    assert_eq!(market.attribute(&sent, "reason"), "no_energy");
}

/// What is infeasible is named, costs its forfeit and leaves the candidate alone.
#[test]
fn infeasible_solutions_of_every_kind() {
    let mut market = filled(Market::new());
    market.limit(FEEDER, [900, 900, 700, 800]).unwrap();
    market.finalize(0);
    market.accept(&[trade(1, 1, 3, 500, 15_000)]);
    let candidate = market.candidate();
    let solver = market.solver.clone();
    let mut pool = 0;
    for (trades, expected) in [
        (vec![trade(1, 1, 3, 600, 15_000); 2], "order"),
        (vec![trade(1, 1, 9, 600, 15_000)], "unknown_offer"),
        (vec![trade(1, 0, 3, 600, 15_000)], "unknown_offer"),
        (vec![trade(1, 3, 1, 600, 15_000)], "wrong_side"),
        (vec![trade(5, 1, 3, 600, 15_000)], "outside_set"),
        (vec![trade(2, 1, 3, 1_001, 15_000)], "energy"),
        (vec![trade(2, 1, 3, u32::MAX.into(), 15_000)], "energy"),
        (vec![trade(2, 1, 3, 600, 20_001)], "price"),
        (vec![trade(2, 1, 3, 600, u64::MAX)], "price"),
        (vec![trade(2, 1, 3, 701, 15_000)], "consumption"),
        (vec![trade(2, 1, 4, 801, 15_000)], "production"),
        (vec![trade(200, 1, 3, 600, 15_000)], "beyond"),
    ] {
        let (reason, _) = market.reject(&trades);
        assert_eq!(reason, expected);
        pool += INFEASIBLE;
        assert_eq!(market.books().pool.u128(), pool);
        assert_eq!(market.candidate(), candidate, "{expected}");
        let register = ExecuteMsg::RegisterSolver {};
        market.send(&solver, &register, INFEASIBLE).unwrap();
    }
    market.assert_candidate();
    market.assert_conserved();
}

/// A stranger's contract that looks like a market gets no locks, and a market without registration
/// takes no offers.
#[test]
fn a_market_must_be_registered() {
    let mut assets = Assets::new(1);
    let message = terms(&assets);
    let suite = &mut assets.billing.chain.suite;
    let admin = suite.admin.clone();
    let contract = instantiate(&mut suite.app, &admin, &message).unwrap();
    let (operator, holder) = (assets.operator.clone(), assets.holder("holder"));
    let suite = &mut assets.billing.chain.suite;
    let limit = ExecuteMsg::SetFeederLimits {
        feeder: FEEDER,
        limits: limits([1; 4]),
    };
    suite.execute(&operator, &contract, &limit, &[]).unwrap();
    let post = ExecuteMsg::PostOffer {
        permit: sell("1"),
        energy: Uint64::one(),
        price: Uint64::one(),
    };
    let sent = suite.execute(&holder, &contract, &post, &[]);
    let expected = format!("sender: {contract} is not a registered market");
    assert_refused(sent, &expected);
}

/// The operator cannot take the market away from under the offers.
#[test]
fn live_locks_keep_the_market() {
    let mut market = filled(Market::new());
    let message = AssetsMsg::RemoveMarket {
        market: market.contract.to_string(),
    };
    assert!(market.assets.operate(&message).is_err());
    market.finalize(4);
    market.assets.operate(&message).unwrap();
    market.finalize(5);
}

/// Addresses are checked wherever they come in.
#[test]
fn malformed_addresses_are_refused() {
    let mut market = Market::new();
    let solver = market.solver.clone();
    let text = String::from("not an address");
    for message in [
        ExecuteMsg::ClaimReward {
            solver: Some(text.clone()),
        },
        ExecuteMsg::ForfeitCommit {
            solver: text.clone(),
        },
    ] {
        let error = market.send(&solver, &message, 0).unwrap_err().to_string();
        assert!(error.contains("solver: 'not an address'"), "{error}");
    }
}

/// Somebody whose offers nobody wants cannot fill the book for others for longer than they last.
#[test]
fn a_full_book_empties_itself() {
    let mut market = Market::with(|terms| terms.limits.book = 3);
    for number in 0..3u64 {
        market.post(&format!("s{number}"), sell("1"), 10, number);
    }
    let late = market.assets.holder("late");
    market.equip(&late, sell("3"), 10, 1);
    assert!(market.offer(&late, sell("3"), 10, 1).is_err());
    market.finalize(1);
    market.offer(&late, sell("3"), 10, 1).unwrap();
}

/// Solutions that were sent in another round cannot be sent again.
#[test]
fn an_old_solution_does_not_come_back() {
    let mut market = filled(Market::new());
    let solver = market.solver.clone();
    let old: Binary = packed(0, &[trade(2, 1, 3, 500, 15_000)]);
    let message = |round| ExecuteMsg::SubmitSolution {
        round,
        trades: old.clone(),
        certificate: None,
        salt: None,
    };
    market.send(&solver, &message(0), 0).unwrap();
    market.finalize(2);
    let sent = market.send(&solver, &message(0), 0).unwrap();
    assert_eq!(market.attribute(&sent, "reason"), "stale");
    // Under the present round its intervals are others.
    let sent = market.send(&solver, &message(3), 0).unwrap();
    assert_eq!(market.attribute(&sent, "reason"), "outside_set");
    assert_eq!(market.assets.billing.coins(&market.contract), BOND);
}
