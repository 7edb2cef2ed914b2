//! Roles, phases, participants and groups before a session runs.

use cosmwasm_std::Binary;
use gridweave_testkit::assert_refused;
use gridweave_testkit::coordinator::{
    Coordinator, HORIZON, consensus_config, exchange_config, exchange_mut, filled, group,
};
use gridweave_types::coordinator::{
    ExecuteMsg, GroupInput, ParticipantInput, Projection, SessionConfig,
};
use gridweave_units::Fx;

const T: usize = HORIZON as usize;

fn create(config: SessionConfig) -> ExecuteMsg {
    ExecuteMsg::CreateSession { config }
}

#[test]
fn only_the_operator_sets_up() {
    let mut chain = Coordinator::new(2);
    let session = chain.prepare(consensus_config(), vec![chain.sharing(0, T)], vec![]);
    let stranger = chain.prosumers[1].clone();
    let operator = chain.suite.operator.clone();
    let messages = [
        create(consensus_config()),
        ExecuteMsg::AddParticipants {
            session,
            participants: vec![chain.sharing(1, T)],
        },
        ExecuteMsg::AddGroups {
            session,
            groups: vec![],
        },
        ExecuteMsg::ExtendGroup {
            session,
            group: 0,
            members: vec![1],
        },
        ExecuteMsg::Open { session },
    ];
    for message in messages {
        let expected = format!("{stranger} is not the operator {operator}");
        assert_refused(chain.send(&stranger, &message, &[]), &expected);
    }
}

fn adding(chain: &mut Coordinator, config: SessionConfig, input: ParticipantInput) -> String {
    let session = chain.prepare(config, vec![], vec![]);
    let participants = vec![input];
    let result = chain.operate(&ExecuteMsg::AddParticipants {
        session,
        participants,
    });
    result.expect_err("the input is wrong").to_string()
}

#[test]
fn participants_are_checked_against_the_register() {
    let mut chain = Coordinator::new(2);
    let wrong_bus = ParticipantInput {
        bus: 3,
        ..chain.sharing(0, T)
    };
    let error = adding(&mut chain, consensus_config(), wrong_bus);
    assert!(
        error.contains("expected a prosumer at feeder 1, bus 3"),
        "{error}"
    );
    let account = chain.suite.address("nobody").to_string();
    let unknown = ParticipantInput {
        account,
        ..chain.sharing(0, T)
    };
    let error = adding(&mut chain, consensus_config(), unknown);
    assert!(error.contains("not registered"), "{error}");
}

#[test]
fn arrays_of_participants_are_checked() {
    let mut chain = Coordinator::new(2);
    let short = ParticipantInput {
        upper: filled(2, 9),
        ..chain.sharing(0, T)
    };
    let error = adding(&mut chain, consensus_config(), short);
    assert!(error.ends_with("upper: packed array has 16 bytes, expected 24 (8 per number)"));
    let outside = ParticipantInput {
        baseline: filled(T, 101),
        ..chain.sharing(0, T)
    };
    let error = adding(&mut chain, consensus_config(), outside);
    assert!(
        error.ends_with("number 0 of the baseline is 101, outside -100 to 100"),
        "{error}"
    );
    let huge = ParticipantInput {
        upper: filled(T, 1_001),
        ..chain.sharing(0, T)
    };
    let error = adding(&mut chain, consensus_config(), huge);
    assert!(error.ends_with("bounds is 1001, expected -1000 to 1000"));
    let costly = ParticipantInput {
        baseline_cost: Fx::ONE,
        ..chain.flexible(0, 5)
    };
    let error = adding(&mut chain, exchange_config(), costly);
    assert!(error.ends_with("baseline_cost is 1, expected 0"));
    let reactive = ParticipantInput {
        reactive: Binary::default(),
        ..chain.flexible(0, 5)
    };
    let error = adding(&mut chain, exchange_config(), reactive);
    assert!(error.ends_with("reactive: packed array has 0 bytes, expected 24 (8 per number)"));
}

#[test]
fn an_account_takes_part_once() {
    let mut chain = Coordinator::new(2);
    let session = chain.prepare(consensus_config(), vec![chain.sharing(0, T)], vec![]);
    let participants = vec![chain.sharing(0, T)];
    let again = chain.operate(&ExecuteMsg::AddParticipants {
        session,
        participants,
    });
    let expected = format!("account {} is already participant 0", chain.prosumers[0]);
    assert_refused(again, &expected);
}

fn grouping(chain: &mut Coordinator, input: GroupInput) -> String {
    let participants = vec![chain.sharing(0, T), chain.sharing(1, T)];
    let session = chain.prepare(consensus_config(), participants, vec![]);
    let groups = vec![input];
    let result = chain.operate(&ExecuteMsg::AddGroups { session, groups });
    result.expect_err("the group is wrong").to_string()
}

#[test]
fn groups_are_checked() {
    let mut chain = Coordinator::new(2);
    let error = grouping(&mut chain, group(4, Projection::Average, 2));
    assert!(
        error.ends_with("participant 0 has 3 numbers left, the group needs 4"),
        "{error}"
    );
    let error = grouping(&mut chain, group(0, Projection::Average, 2));
    assert!(error.ends_with("group.size is 0, expected 1 to 8192"));
    let error = grouping(&mut chain, group(1, Projection::Opposite, 3));
    assert!(error.ends_with("group.members is 3, expected exactly 2"));
    let stranger = GroupInput {
        members: vec![0, 7],
        ..group(1, Projection::Average, 2)
    };
    let error = grouping(&mut chain, stranger);
    assert!(
        error.ends_with("session 4 has 2 participants, none with index 7"),
        "{error}"
    );
    let twice = GroupInput {
        members: vec![0, 0],
        ..group(1, Projection::Average, 2)
    };
    let error = grouping(&mut chain, twice);
    assert!(error.contains("each participant once per group"), "{error}");
}

#[test]
fn incomplete_sessions_do_not_open() {
    let mut chain = Coordinator::new(2);
    let empty = chain.prepare(consensus_config(), vec![], vec![]);
    let opened = chain.operate(&ExecuteMsg::Open { session: empty });
    assert_refused(opened, &"session 1 has 0 participants, expected at least 1");
    let participants = vec![chain.sharing(0, T), chain.sharing(1, T)];
    let groups = vec![group(2, Projection::Average, 2)];
    let partial = chain.prepare(consensus_config(), participants, groups);
    let opened = chain.operate(&ExecuteMsg::Open { session: partial });
    let expected = "the groups leave 2 numbers of the participants' answers uncoupled";
    assert_refused(opened, &expected);
}

#[test]
fn setup_ends_with_opening() {
    let mut chain = Coordinator::new(2);
    let participants = vec![chain.sharing(0, T), chain.sharing(1, T)];
    let groups = vec![group(HORIZON, Projection::Average, 2)];
    let session = chain.open(consensus_config(), participants, groups);
    let late = chain.operate(&ExecuteMsg::Open { session });
    assert_refused(late, &"session 1 is in phase Collecting, expected setup");
    let exchange = chain.prepare(exchange_config(), vec![chain.flexible(0, 5)], vec![]);
    let groups = vec![group(1, Projection::Average, 2)];
    let wrong = chain.operate(&ExecuteMsg::AddGroups {
        session: exchange,
        groups,
    });
    assert_refused(wrong, &"session 2 is not in consensus mode");
}

#[test]
fn warm_starts_need_a_matching_session() {
    let mut chain = Coordinator::new(2);
    let mut config = exchange_config();
    exchange_mut(&mut config).warm_from = Some(9);
    let session = chain.prepare(config, vec![chain.flexible(0, 5)], vec![]);
    let opened = chain.operate(&ExecuteMsg::Open { session });
    assert_refused(opened, &"session 9 does not exist");
    let other = chain.open(exchange_config(), vec![chain.flexible(1, 5)], vec![]);
    chain
        .operate(&ExecuteMsg::Abort { session: other })
        .unwrap();
    let mut config = exchange_config();
    exchange_mut(&mut config).warm_from = Some(other);
    let session = chain.prepare(config, vec![chain.flexible(0, 5)], vec![]);
    let opened = chain.operate(&ExecuteMsg::Open { session });
    let expected = "warm_from is 2, expected a session of the same accounts in the same order";
    assert_refused(opened, &expected);
}

/// A week on a hundred buses would need values that a chain does not store.
#[test]
fn tables_that_do_not_fit_are_refused_before_the_session_opens() {
    let mut chain = Coordinator::new(100);
    let week = 168;
    let mut config = exchange_config();
    config.horizon = week as u32;
    exchange_mut(&mut config).beta = filled(week, 30);
    let input = ParticipantInput {
        lower: filled(week, -1),
        upper: filled(week, 1),
        baseline: filled(week, 0),
        reactive: filled(week, 0),
        ..chain.flexible(0, 5)
    };
    let session = chain.prepare(config, vec![input], vec![]);
    let opened = chain.operate(&ExecuteMsg::Open { session });
    let expected = "horizon is 168 for 101 buses or participants, expected buses and \
                    participants, each times the intervals, at most 16000";
    assert_refused(opened, &expected);
}
