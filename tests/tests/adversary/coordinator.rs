//! What an attacker may try on the coordinator.

use cosmwasm_std::{Binary, coins};
use gridweave_testkit::coordinator::{
    Coordinator, HORIZON, consensus_config, exchange_config, group,
};
use gridweave_testkit::{DENOM, assert_refused};
use gridweave_types::coordinator::{
    AnswersResponse, ExecuteMsg, MAX_ROWS, MigrateMsg, ParticipantInput, PricesResponse,
    Projection, QueryMsg,
};
use gridweave_units::{Fx, pack};

const T: usize = HORIZON as usize;

fn averaging() -> (Coordinator, u64) {
    let mut chain = Coordinator::new(2);
    let participants = vec![chain.sharing(0, T), chain.sharing(1, T)];
    let groups = vec![group(HORIZON, Projection::Average, 2)];
    let session = chain.open(consensus_config(), participants, groups);
    (chain, session)
}

#[test]
fn iterates_cannot_be_replayed_across_rounds_or_sessions() {
    let (mut chain, session) = averaging();
    let zero = [Fx::ZERO; T];
    chain.submit(session, 0, 1, &zero, &[]).unwrap();
    let again = chain.submit(session, 0, 1, &zero, &[]);
    assert_refused(again, &"participant 0 already answered round 1");
    chain.submit(session, 1, 1, &zero, &[]).unwrap();
    let stale = chain.submit(session, 0, 1, &zero, &[]);
    assert_refused(stale, &"session 1 collects round 2, not round 1");
    let future = chain.submit(session, 0, 7, &zero, &[]);
    assert_refused(future, &"session 1 collects round 2, not round 7");
    let elsewhere = chain.submit(8, 0, 1, &zero, &[]);
    let expected = format!("{} is not a participant of session 8", chain.prosumers[0]);
    assert_refused(elsewhere, &expected);
}

#[test]
fn nobody_speaks_for_others() {
    let (mut chain, session) = averaging();
    let thief = chain.suite.address("thief");
    let message = ExecuteMsg::SubmitIterate {
        session,
        round: 1,
        payload: pack(&[Fx::ZERO; T]).into(),
        claims: Vec::new(),
    };
    let expected = format!("{thief} is not a participant of session 1");
    assert_refused(chain.send(&thief, &message, &[]), &expected);
}

#[test]
fn malformed_payloads_are_refused_and_change_nothing() {
    let (mut chain, session) = averaging();
    let before = chain.suite.state(&chain.contract);
    for (bytes, expected) in [
        (
            vec![],
            "payload: packed array has 0 bytes, expected 24 (8 per number)",
        ),
        (
            vec![0; 23],
            "payload: packed array has 23 bytes, expected 24 (8 per number)",
        ),
        (
            vec![0; 4_000_000],
            "payload: packed array has 4000000 bytes, expected 24 (8 per number)",
        ),
    ] {
        let sender = chain.prosumers[0].clone();
        let message = ExecuteMsg::SubmitIterate {
            session,
            round: 1,
            payload: Binary::from(bytes),
            claims: Vec::new(),
        };
        assert_refused(chain.send(&sender, &message, &[]), &expected);
    }
    let claimed = chain.submit(session, 0, 1, &[Fx::ZERO; T], &[Fx::ONE]);
    assert!(
        claimed
            .unwrap_err()
            .to_string()
            .contains("claims is 1 numbers")
    );
    assert_eq!(chain.suite.state(&chain.contract), before);
}

#[test]
fn coins_sent_by_mistake_come_back() {
    let (mut chain, session) = averaging();
    let sender = chain.prosumers[0].clone();
    let message = ExecuteMsg::Advance {
        session,
        replace: Vec::new(),
    };
    let refused = chain.send(&sender, &message, &coins(5, DENOM));
    assert_refused(refused, &"received 5umoney, expected no coins");
}

#[test]
fn oversized_batches_are_refused() {
    let mut chain = Coordinator::new(1);
    let session = chain.prepare(consensus_config(), vec![], vec![]);
    let participants = vec![chain.sharing(0, T); MAX_ROWS + 1];
    let refused = chain.operate(&ExecuteMsg::AddParticipants {
        session,
        participants,
    });
    assert_refused(refused, &"participants is 51, expected 1 to 50 rows");
    let groups = vec![group(1, Projection::Average, 2); MAX_ROWS + 1];
    let refused = chain.operate(&ExecuteMsg::AddGroups { session, groups });
    assert_refused(refused, &"groups is 51, expected 1 to 50 rows");
    let replace = (0..31).collect();
    let (mut chain, session) = averaging();
    let refused = chain.advance(session, replace);
    assert_refused(refused, &"replace is 31, expected at most 30");
}

/// Extreme bounds, extreme answers: the round still closes and the session still ends.
#[test]
fn numbers_at_the_limits_do_not_stall_a_session() {
    let mut chain = Coordinator::new(2);
    let wide = |chain: &Coordinator, number: usize| ParticipantInput {
        lower: pack(&[Fx::from_int(-1_000); T]).into(),
        upper: pack(&[Fx::from_int(1_000); T]).into(),
        reactive: pack(&[Fx::MIN; T]).into(),
        ..chain.flexible(number, 5)
    };
    let participants = vec![wide(&chain, 0), wide(&chain, 1)];
    let mut config = exchange_config();
    config.monotonicity_tolerance = None;
    let session = chain.open(config, participants, Vec::new());
    for round in 1..=8 {
        let sign = if round % 2 == 0 { 1 } else { -1 };
        let edge = [Fx::from_int(1_000 * sign); T];
        chain.submit(session, 0, round, &edge, &[Fx::MAX]).unwrap();
        chain.submit(session, 1, round, &edge, &[Fx::MIN]).unwrap();
    }
    assert_eq!(chain.session(session).round, 8);
    assert!(chain.session(session).stop_reason.is_some());
}

/// A claim below what the agent itself offers is lifted: it cannot fake a tight bound that way.
#[test]
fn a_claim_below_the_own_answer_is_lifted() {
    let bound = |claim: i32| {
        let mut chain = Coordinator::new(1);
        let participants = vec![chain.flexible(0, 5)];
        let session = chain.open(exchange_config(), participants, Vec::new());
        let honest = [Fx::ratio(-10, 100); T];
        let mut config = vec![Fx::from_int(claim)];
        config.truncate(1);
        chain.submit(session, 0, 1, &honest, &config).unwrap();
        chain.certificate(session).bound
    };
    assert_eq!(bound(-1_000), bound(-500));
    assert!(bound(1_000) < bound(-500));
}

#[test]
fn queries_about_nothing_fail_clearly() {
    let (chain, session) = averaging();
    let answers: cosmwasm_std::StdResult<AnswersResponse> = chain.ask(&QueryMsg::Answers {
        session,
        participant: 0,
    });
    assert!(
        answers
            .unwrap_err()
            .to_string()
            .contains("session 1 is not in exchange mode")
    );
    let mut chain = Coordinator::new(1);
    let participants = vec![chain.flexible(0, 5)];
    let session = chain.open(exchange_config(), participants, Vec::new());
    let question = QueryMsg::Prices {
        session,
        start_after: None,
        limit: None,
    };
    let prices: cosmwasm_std::StdResult<PricesResponse> = chain.ask(&question);
    assert!(
        prices
            .unwrap_err()
            .to_string()
            .contains("the session has not ended")
    );
}

#[test]
fn only_the_admin_migrates() {
    use cw_multi_test::Executor;
    let mut chain = Coordinator::new(1);
    let code = chain
        .suite
        .app
        .contract_data(&chain.contract)
        .unwrap()
        .code_id;
    let thief = chain.suite.address("thief");
    let contract = chain.contract.clone();
    let app = &mut chain.suite.app;
    assert!(
        app.migrate_contract(thief, contract.clone(), &MigrateMsg {}, code)
            .is_err()
    );
    let admin = chain.suite.admin.clone();
    let app = &mut chain.suite.app;
    app.migrate_contract(admin, contract, &MigrateMsg {}, code)
        .unwrap();
}
