//! Commit–reveal: a solution belongs to who has committed to it.

use cosmwasm_std::{Addr, Binary};
use gridweave_market::ContractError;
use gridweave_rules::market::Trade;
use gridweave_testkit::assert_refused;
use gridweave_testkit::assets::{FAR, buy, permit, sell};
use gridweave_testkit::market::{BOND, INFEASIBLE, Market, WITHHELD, packed, trade};
use gridweave_types::assets::Side;
use gridweave_types::market::{CommitDomain, ExecuteMsg, Reveal, commit_message, digest_message};
use sha2::{Digest, Sha256};

fn filled(mut market: Market) -> Market {
    market.post("a", sell("1-4"), 1_000, 10_000);
    market.post("b", permit(Side::Sell, FAR, "1-4"), 1_000, 12_000);
    market.post("c", buy("1-4"), 1_000, 20_000);
    market.post("d", permit(Side::Buy, FAR, "1-4"), 1_000, 15_000);
    market
}

fn committed() -> Market {
    filled(Market::with(|terms| {
        terms.reveal = Some(Reveal { seconds: 60 })
    }))
}

fn hash(market: &Market, solver: &Addr, round: u32, salt: &[u8], messages: &[Binary]) -> Binary {
    let digest = messages.iter().fold([0; 32], |before, trades| {
        let trades: [u8; 32] = Sha256::digest(trades).into();
        Sha256::digest(digest_message(&before, &trades)).into()
    });
    let chain_id = market.assets.billing.chain.suite.app.block_info().chain_id;
    let domain = CommitDomain {
        chain_id: &chain_id,
        market: market.contract.as_str(),
        solver: solver.as_str(),
        round,
    };
    Binary::from(&Sha256::digest(commit_message(domain, salt, &digest))[..])
}

fn reveal(trades: &[Trade], salt: &[u8]) -> ExecuteMsg {
    ExecuteMsg::SubmitSolution {
        round: 0,
        trades: packed(0, trades),
        certificate: None,
        salt: Some(salt.into()),
    }
}

/// What was seen in a reveal is of no use to who did not commit to it before.
#[test]
fn a_copied_solution_is_worth_nothing() {
    let mut market = committed();
    let (solver, thief) = (market.solver.clone(), market.another("thief"));
    let trades = [trade(1, 1, 3, 700, 15_000)];
    let own = hash(&market, &solver, 0, b"salt", &[packed(0, &trades)]);
    market
        .send(&solver, &ExecuteMsg::Commit { hash: own.clone() }, 0)
        .unwrap();
    let same = market.send(&solver, &reveal(&trades, b"salt"), 0);
    let height = market.assets.billing.chain.suite.app.block_info().height;
    assert_refused(same, &ContractError::SameBlock { height });
    // The thief saw the commitment and copies it.
    market
        .send(&thief, &ExecuteMsg::Commit { hash: own }, 0)
        .unwrap();
    market.assets.billing.chain.pass(5);
    let stolen = market.send(&thief, &reveal(&trades, b"salt"), 0);
    let wrong = ContractError::WrongReveal {
        solver: thief.clone(),
    };
    assert_refused(stolen, &wrong);
    let other = [trade(1, 1, 3, 701, 15_000)];
    let expected = format!("solution: is not what {solver} has committed to");
    market.refuses(&solver, &reveal(&other, b"salt"), &expected);
    market.refuses(&solver, &reveal(&trades, b"pepper"), &expected);
    market.send(&solver, &reveal(&trades, b"salt"), 0).unwrap();
    assert_eq!(market.candidate().solver, Some(solver));
    // Without a commitment nothing is taken, not even to begin.
    let nobody = market.another("nobody");
    let nothing = format!("solver: {nobody} has no commitment");
    market.refuses(&nobody, &reveal(&trades, b"salt"), &nothing);
    market.refuses(&nobody, &ExecuteMsg::BeginSolution { round: 0 }, &nothing);
}

#[test]
fn a_withheld_solution_costs_its_forfeit() {
    let mut market = committed();
    let (solver, anyone) = (market.solver.clone(), market.assets.holder("anyone"));
    let commit = ExecuteMsg::Commit {
        hash: [7; 32].into(),
    };
    market.send(&solver, &commit, 0).unwrap();
    let pending = format!("solver: {solver} has a commitment to reveal");
    market.refuses(&solver, &commit, &pending);
    market.refuses(&solver, &ExecuteMsg::UnregisterSolver {}, &pending);
    let forfeit = ExecuteMsg::ForfeitCommit {
        solver: solver.to_string(),
    };
    let now = market.assets.billing.now();
    let early = format!("forfeit opens at {}, now is {now}", now + 61);
    market.refuses(&anyone, &forfeit, &early);
    market.assets.billing.chain.pass(61);
    let late = format!(
        "the commitment was open until {}, now is {}",
        now + 60,
        now + 61
    );
    market.refuses(&solver, &reveal(&[trade(1, 1, 3, 700, 15_000)], b""), &late);
    market.send(&anyone, &forfeit, 0).unwrap();
    assert_eq!(market.solver(&solver).bond.u128(), BOND - WITHHELD);
    assert_eq!(market.books().pool.u128(), WITHHELD);
    market.refuses(
        &anyone,
        &forfeit,
        &format!("solver: {solver} has no commitment"),
    );
    market.assert_conserved();
}

/// A reveal that comes too late for its round is no fault, and one in chunks is a reveal too.
#[test]
fn reveals_late_and_in_chunks() {
    let mut market = committed();
    let solver = market.solver.clone();
    let trades = [trade(1, 1, 3, 700, 15_000), trade(2, 2, 4, 100, 13_000)];
    let chunks = trades.map(|trade| packed(0, &[trade]));
    let own = hash(&market, &solver, 0, b"", &chunks);
    market
        .send(&solver, &ExecuteMsg::Commit { hash: own }, 0)
        .unwrap();
    market.assets.billing.chain.pass(1);
    market
        .send(&solver, &ExecuteMsg::BeginSolution { round: 0 }, 0)
        .unwrap();
    for (sequence, trades) in (0..).zip(chunks) {
        let append = ExecuteMsg::AppendTrades { sequence, trades };
        market.send(&solver, &append, 0).unwrap();
    }
    let seal = |salt: &[u8]| ExecuteMsg::SealSolution {
        certificate: None,
        salt: Some(salt.into()),
    };
    let expected = format!("solution: is not what {solver} has committed to");
    market.refuses(&solver, &seal(b"x"), &expected);
    market.send(&solver, &seal(b""), 0).unwrap();
    assert_eq!(market.candidate().objective.i128(), 800);

    let late = [trade(1, 1, 3, 900, 15_000)];
    market.assets.billing.at(0, 0);
    let before = market.assets.billing.now();
    let own = hash(&market, &solver, 0, b"s", &[packed(0, &late)]);
    market
        .send(&solver, &ExecuteMsg::Commit { hash: own }, 0)
        .unwrap();
    market.assets.billing.chain.pass(1);
    market.crank(0, None).unwrap();
    let response = market.send(&solver, &reveal(&late, b"s"), 0).unwrap();
    assert_eq!(market.attribute(&response, "reason"), "stale");
    assert!(market.assets.billing.now() > before);
    let left = market.solver(&solver);
    assert_eq!((left.bond.u128(), left.commit), (BOND, None));
}

/// An infeasible part of a committed solution costs one forfeit, not two.
#[test]
fn what_is_shown_is_not_withheld() {
    let mut market = committed();
    let solver = market.solver.clone();
    let commit = ExecuteMsg::Commit {
        hash: [7; 32].into(),
    };
    market.send(&solver, &commit, 0).unwrap();
    let begin = ExecuteMsg::BeginSolution { round: 0 };
    market.send(&solver, &begin, 0).unwrap();
    let append = ExecuteMsg::AppendTrades {
        sequence: 0,
        trades: packed(0, &[trade(1, 1, 3, 1_001, 15_000)]),
    };
    market.send(&solver, &append, 0).unwrap();
    let left = market.solver(&solver);
    assert_eq!(left.bond.u128(), BOND - INFEASIBLE);
    assert_eq!(left.commit, None);
    market.assert_conserved();
}

#[test]
fn commitments_only_where_they_belong() {
    let mut market = Market::new();
    let solver = market.solver.clone();
    let hash = Binary::from([7; 32]);
    let expected = format!("commit is {hash}, expected none in this market");
    market.refuses(&solver, &ExecuteMsg::Commit { hash }, &expected);
    let salted = reveal(&[trade(1, 1, 2, 1, 1)], b"salt");
    let expected = format!(
        "salt is {}, expected none in this market",
        Binary::from(b"salt")
    );
    market.refuses(&solver, &salted, &expected);
    let mut strict = committed();
    let solver = strict.solver.clone();
    let short = ExecuteMsg::Commit {
        hash: [7; 31].into(),
    };
    strict.refuses(&solver, &short, "hash is 31 bytes, expected 32 bytes");
    let long = reveal(&[trade(1, 1, 3, 1, 15_000)], &[0; 65]);
    strict.refuses(
        &solver,
        &long,
        "salt is 65 bytes, expected at most 64 bytes",
    );
}
