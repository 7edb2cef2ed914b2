//! Bonds: posted, forfeited, reclaimed, collected; coins are conserved.

use cosmwasm_std::{Uint128, coins};
use gridweave_testkit::averaging::{answer_consensus, averaging};
use gridweave_testkit::coordinator::{Coordinator, HORIZON, bond_terms, consensus_config};
use gridweave_testkit::{DENOM, assert_refused};
use gridweave_types::coordinator::ExecuteMsg;
use gridweave_units::Fx;

const T: usize = HORIZON as usize;

fn bonded() -> (Coordinator, u64) {
    let mut config = consensus_config();
    config.bond = Some(bond_terms());
    config.max_rounds = 2;
    averaging(2, config)
}

#[test]
fn a_bond_is_posted_exactly_once_and_exactly() {
    let (mut chain, session) = bonded();
    let sender = chain.prosumers[0].clone();
    let unbonded = chain.submit(session, 0, 1, &[Fx::ZERO; T], &[]);
    assert_refused(unbonded, &"bond of participant 0 in session 1: not posted");
    let post = ExecuteMsg::PostBond { session };
    let short = chain.send(&sender, &post, &coins(999, DENOM));
    assert_refused(short, &"received 999umoney, expected 1000umoney");
    chain.send(&sender, &post, &coins(1_000, DENOM)).unwrap();
    let twice = chain.send(&sender, &post, &coins(1_000, DENOM));
    assert_refused(twice, &"bond of participant 0 in session 1: already posted");
}

#[test]
fn misses_and_rejections_cost_what_was_agreed_and_coins_are_conserved() {
    let (mut chain, session) = bonded();
    for number in [0, 1] {
        let sender = chain.prosumers[number].clone();
        let post = ExecuteMsg::PostBond { session };
        chain.send(&sender, &post, &coins(1_000, DENOM)).unwrap();
    }
    // Prosumer 0 is rejected in round 1 and silent in round 2; prosumer 1 is honest.
    chain
        .submit(session, 0, 1, &[Fx::from_int(500); T], &[])
        .unwrap();
    answer_consensus(&mut chain, session, 1);
    answer_consensus(&mut chain, session, 1);
    let early = ExecuteMsg::ReclaimBond { session };
    let operator = chain.suite.operator.clone();
    assert!(
        chain.send(&operator, &early, &[]).is_err(),
        "the session still runs"
    );
    chain.advance(session, Vec::new()).unwrap();
    let before: Vec<Uint128> = chain.prosumers.iter().map(|p| balance(&chain, p)).collect();
    for number in [0, 1] {
        let sender = chain.prosumers[number].clone();
        chain.send(&sender, &early, &[]).unwrap();
        assert!(chain.send(&sender, &early, &[]).is_err(), "only once");
    }
    let paid = |number: usize| balance(&chain, &chain.prosumers[number]) - before[number];
    assert_eq!(paid(0), Uint128::new(1_000 - 100 - 10));
    assert_eq!(paid(1), Uint128::new(1_000));
    chain.send(&operator, &early, &[]).unwrap();
    assert_eq!(balance(&chain, &operator), Uint128::new(110));
    assert_eq!(balance(&chain, &chain.contract), Uint128::zero());
    assert!(chain.send(&operator, &early, &[]).is_err());
}

fn balance(chain: &Coordinator, address: &cosmwasm_std::Addr) -> Uint128 {
    let coin = chain
        .suite
        .app
        .wrap()
        .query_balance(address, DENOM)
        .unwrap();
    Uint128::try_from(coin.amount).unwrap()
}
