//! Silence, lies and bounds.

use gridweave_testkit::assert_refused;
use gridweave_testkit::averaging::{answer_consensus, averaging};
use gridweave_testkit::coordinator::{
    Coordinator, HORIZON, announced, attribute, consensus_config, exchange_config, numbers,
};
use gridweave_types::coordinator::{ExecuteMsg, Phase, QueryMsg, SessionConfig, StopReason};
use gridweave_units::Fx;
use proptest::prelude::*;

const T: usize = HORIZON as usize;

fn exchanging(agents: usize, config: SessionConfig) -> (Coordinator, u64) {
    let mut chain = Coordinator::new(agents as u32);
    let participants = (0..agents)
        .map(|number| chain.flexible(number, 8))
        .collect();
    let session = chain.open(config, participants, Vec::new());
    (chain, session)
}

#[test]
fn nobody_advances_before_the_deadline() {
    let (mut chain, session) = averaging(2, consensus_config());
    let anyone = chain.suite.address("anyone");
    let advance = ExecuteMsg::Advance {
        session,
        replace: Vec::new(),
    };
    let early = chain.send(&anyone, &advance, &[]);
    assert!(
        early
            .unwrap_err()
            .to_string()
            .contains("the round of session 1 ends at")
    );
    assert_eq!(chain.session(session).round, 1);
}

#[test]
fn anybody_advances_after_it() {
    let (mut chain, session) = averaging(2, consensus_config());
    answer_consensus(&mut chain, session, 0);
    let response = chain.advance(session, Vec::new()).unwrap();
    assert!(announced(&response, "round_closed"));
    let status = chain.session(session);
    assert_eq!((status.round, status.missed), (2, 1));
}

#[test]
fn a_returning_agent_is_told_what_it_missed() {
    let (mut chain, session) = averaging(2, consensus_config());
    for _ in 0..2 {
        answer_consensus(&mut chain, session, 0);
        chain.advance(session, Vec::new()).unwrap();
    }
    let asked = chain.assignment(session, 1);
    let x = numbers(&asked.centres);
    let response = chain.submit(session, 1, 3, &x, &[]).unwrap();
    assert_eq!(attribute(&response, "missed").as_deref(), Some("2"));
    assert_eq!(chain.participant(session, 1).missed, 2);
}

#[test]
fn a_silent_member_is_replaced_and_its_group_settles_on_its_baseline() {
    let (mut chain, session) = averaging(3, consensus_config());
    for round in 1..=2 {
        [0, 1]
            .iter()
            .for_each(|&n| answer_consensus(&mut chain, session, n));
        let early = chain.advance(session, vec![2]);
        let expected = format!("participant 2 missed {round} rounds in a row, 3 are needed");
        assert_refused(early, &expected);
        chain.advance(session, Vec::new()).unwrap();
    }
    [0, 1]
        .iter()
        .for_each(|&n| answer_consensus(&mut chain, session, n));
    let response = chain.advance(session, vec![2]).unwrap();
    assert!(announced(&response, "agent_replaced"));
    while chain.session(session).phase == Phase::Collecting {
        [0, 1]
            .iter()
            .for_each(|&n| answer_consensus(&mut chain, session, n));
    }
    // The others agree with the baseline (0), as good as they can: that is consensus.
    assert_eq!(chain.session(session).phase, Phase::Converged);
    let late = chain.submit(session, 2, 9, &[Fx::ZERO; T], &[]);
    assert!(late.is_err());
}

#[test]
fn an_iterate_out_of_bounds_is_rejected_not_refused() {
    let (mut chain, session) = exchanging(2, exchange_config());
    let beyond = [Fx::from_int(1); T];
    let response = chain.submit(session, 0, 1, &beyond, &[Fx::ZERO]).unwrap();
    assert_eq!(
        attribute(&response, "action").as_deref(),
        Some("iterate_rejected")
    );
    let reason = attribute(&response, "reason").unwrap();
    assert_eq!(reason, "number 0 is 1, out of bounds");
    assert_eq!(chain.participant(session, 0).rejected, 1);
    let again = chain.submit(session, 0, 1, &beyond, &[Fx::ZERO]);
    assert_refused(again, &"participant 0 already answered round 1");
}

#[test]
fn a_random_iterate_is_caught_by_monotonicity() {
    let (mut chain, session) = exchanging(2, exchange_config());
    // Prices call for less load; an answer that moves away from the centre is a lie.
    let lie = [Fx::ratio(-18, 100); T];
    let response = chain.submit(session, 0, 1, &lie, &[Fx::ZERO]).unwrap();
    assert_eq!(
        attribute(&response, "reason").as_deref(),
        Some("not monotone")
    );
    let mut blind = exchange_config();
    blind.monotonicity_tolerance = None;
    let (mut chain, session) = exchanging(2, blind);
    let response = chain.submit(session, 0, 1, &lie, &[Fx::ZERO]).unwrap();
    assert_eq!(
        attribute(&response, "action").as_deref(),
        Some("iterate_submitted")
    );
}

#[test]
fn consensus_answers_must_be_monotone_too() {
    let (mut chain, session) = averaging(2, consensus_config());
    for number in [0, 1] {
        answer_consensus(&mut chain, session, number);
    }
    // The centre has not moved, so neither may the answer.
    let centre = numbers(&chain.assignment(session, 1).centres);
    assert!(centre.iter().all(|c| c.is_zero()));
    let lie = [Fx::ONE; T];
    let response = chain.submit(session, 1, 2, &lie, &[]).unwrap();
    assert_eq!(
        attribute(&response, "reason").as_deref(),
        Some("not monotone")
    );
}

#[test]
fn a_silent_exchange_agent_is_replaced_without_being_named() {
    let (mut chain, session) = exchanging(2, exchange_config());
    for _ in 0..3 {
        let asked = chain.assignment(session, 0);
        let x = numbers(&asked.centres)
            .into_iter()
            .map(|c| c.clamp(Fx::ratio(-18, 100), Fx::ratio(-2, 100)))
            .collect::<Vec<_>>();
        let claim = [Fx::from_int(10)];
        chain.submit(session, 0, asked.round, &x, &claim).unwrap();
        chain.advance(session, Vec::new()).unwrap();
    }
    assert!(chain.participant(session, 1).replaced);
    assert_eq!(chain.session(session).replaced, 1);
    assert!(
        chain.schedule(session)[1]
            .iter()
            .all(|&p| p == Fx::ratio(-10, 100))
    );
    let naming = chain.advance(session, vec![0]);
    assert_refused(naming, &"session 1 is not in consensus or pool mode");
}

#[test]
fn a_session_nobody_answers_ends_by_itself() {
    let (mut chain, session) = exchanging(2, exchange_config());
    while chain.session(session).phase == Phase::Collecting {
        chain.advance(session, Vec::new()).unwrap();
    }
    let status = chain.session(session);
    assert_eq!(status.stop_reason, Some(StopReason::Rounds));
    assert_eq!((status.round, status.replaced), (3, 2));
    assert_eq!(chain.schedule(session).len(), 2);
}

#[test]
fn the_operator_may_abort_and_anyone_may_clear() {
    let (mut chain, session) = exchanging(3, exchange_config());
    let stranger = chain.suite.address("stranger");
    let abort = ExecuteMsg::Abort { session };
    assert!(chain.send(&stranger, &abort, &[]).is_err());
    chain.operate(&abort).unwrap();
    assert_eq!(chain.session(session).phase, Phase::Aborted);
    assert!(chain.operate(&abort).is_err());
    let clear = ExecuteMsg::Close { session, limit: 2 };
    let before = chain.suite.state(&chain.contract).len();
    let first = chain.send(&stranger, &clear, &[]).unwrap();
    assert_eq!(attribute(&first, "left").as_deref(), Some("1"));
    chain.send(&stranger, &clear, &[]).unwrap();
    assert!(chain.suite.state(&chain.contract).len() < before);
    assert!(chain.send(&stranger, &clear, &[]).is_err());
    assert_eq!(chain.schedule(session).len(), 3, "the schedule stays");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// Any pattern of silence: consensus sessions end, at the latest after their last round.
    #[test]
    fn silence_never_stalls_consensus(
        present in prop::collection::vec(any::<[bool; 3]>(), 1..10),
        accelerated in any::<bool>(),
    ) {
        let mut config = consensus_config();
        config.max_rounds = 12;
        if let gridweave_types::coordinator::Mode::Consensus(mode) = &mut config.mode {
            mode.anderson_memory = if accelerated { 5 } else { 0 };
        }
        let (mut chain, session) = averaging(3, config);
        let mut pattern = present.iter().cycle();
        while chain.session(session).phase == Phase::Collecting {
            let round = chain.session(session).round;
            let here = pattern.next().unwrap();
            for number in (0..3).filter(|&n| here[n]) {
                if chain.assignment(session, number).pending {
                    answer_consensus(&mut chain, session, number);
                }
            }
            let status = chain.session(session);
            if status.phase == Phase::Collecting && status.round == round {
                let silent: Vec<u32> = (0..3u32)
                    .filter(|&n| {
                        let about = chain.participant(session, n as usize);
                        !about.replaced && round - about.last_round >= 3
                    })
                    .collect();
                chain.advance(session, silent).expect("the deadline has passed");
            }
        }
        let question = QueryMsg::Session { session };
        let ended: gridweave_types::coordinator::SessionResponse = chain.ask(&question).unwrap();
        prop_assert!(ended.round <= 12);
        prop_assert!(ended.stop_reason.is_some());
    }
}

/// An agent caught in a contradiction stands for nothing but its baseline, and the candidate that
/// counted on its words is given up; the second time it is out.
#[test]
fn a_contradiction_costs_the_word_and_then_the_seat() {
    let (mut chain, session) = exchanging(2, exchange_config());
    let honest = |chain: &Coordinator, number: usize| -> Vec<Fx> {
        let asked = chain.assignment(session, number);
        let (low, high) = (Fx::ratio(-18, 100), Fx::ratio(-2, 100));
        let centre = numbers(&asked.centres);
        centre.into_iter().map(|c| c.clamp(low, high)).collect()
    };
    let claim = [Fx::from_int(10)];
    for number in [0, 1] {
        let x = honest(&chain, number);
        chain.submit(session, number, 1, &x, &claim).unwrap();
    }
    let baseline = Fx::ratio(-10, 100);
    assert!(chain.schedule(session)[1].iter().any(|&p| p != baseline));
    let lie = [Fx::ratio(-18, 100); T];
    for round in 2..=3 {
        let response = chain.submit(session, 1, round, &lie, &claim).unwrap();
        assert_eq!(
            attribute(&response, "reason").as_deref(),
            Some("not monotone")
        );
        assert_eq!(announced(&response, "agent_replaced"), round == 3);
        let x = honest(&chain, 0);
        chain.submit(session, 0, round, &x, &claim).unwrap();
        assert!(chain.schedule(session)[1].iter().all(|&p| p == baseline));
    }
    assert!(chain.participant(session, 1).replaced);
    let late = chain.submit(session, 1, 4, &lie, &claim);
    assert_refused(late, &"participant 1 was replaced by its baseline");
}
