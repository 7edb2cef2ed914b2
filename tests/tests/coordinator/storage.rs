//! Work per submission does not grow with the number of agents.

use cosmwasm_std::Addr;
use gridweave_testkit::coordinator::{HORIZON, consensus_config, filled};
use gridweave_testkit::counting::{Deps, account, coordinator, run};
use gridweave_types::coordinator::{ExecuteMsg, GroupInput, ParticipantInput, Projection};
use gridweave_units::{Fx, pack};

/// Opens a session in which `agents` share one group.
fn open(agents: u32, projection: Projection) -> Deps {
    let (mut deps, operator) = coordinator();
    let config = consensus_config();
    run(&mut deps, &operator, ExecuteMsg::CreateSession { config });
    let all: Vec<u32> = (0..agents).collect();
    for page in all.chunks(50) {
        let participants = page
            .iter()
            .map(|&n| participant(&account(&deps, n)))
            .collect();
        let message = ExecuteMsg::AddParticipants {
            session: 1,
            participants,
        };
        run(&mut deps, &operator, message);
    }
    for (page, members) in all.chunks(100).map(<[u32]>::to_vec).enumerate() {
        let message = if page == 0 {
            let group = GroupInput {
                size: HORIZON,
                projection,
                members,
            };
            ExecuteMsg::AddGroups {
                session: 1,
                groups: vec![group],
            }
        } else {
            ExecuteMsg::ExtendGroup {
                session: 1,
                group: 0,
                members,
            }
        };
        run(&mut deps, &operator, message);
    }
    run(&mut deps, &operator, ExecuteMsg::Open { session: 1 });
    deps
}

fn participant(account: &Addr) -> ParticipantInput {
    let size = HORIZON as usize;
    ParticipantInput {
        account: account.to_string(),
        bus: 2,
        lower: filled(size, -100),
        upper: filled(size, 100),
        baseline: filled(size, 0),
        baseline_cost: Fx::ZERO,
        reactive: Default::default(),
        reports: 0,
        mobility: None,
    }
}

/// `(read, written)` bytes of each submission of round 2, the first and the last excepted: these
/// freeze the group's copy and close the round.
fn submissions(agents: u32, projection: Projection) -> Vec<(usize, usize)> {
    let mut deps = open(agents, projection);
    let mut counts = Vec::new();
    for round in 1..=2 {
        for number in 0..agents {
            let sender = account(&deps, number);
            let value = Fx::ratio(1 + number as i32 % 7, 10);
            deps.storage.take();
            let message = ExecuteMsg::SubmitIterate {
                session: 1,
                round,
                payload: pack(&[value; HORIZON as usize]).into(),
                claims: Vec::new(),
            };
            run(&mut deps, &sender, message);
            if round == 2 && number > 0 && number + 1 < agents {
                counts.push(deps.storage.take());
            }
        }
    }
    counts
}

#[test]
fn a_submission_touches_the_same_bytes_at_10_100_and_1000_agents() {
    for projection in [Projection::Average, Projection::SumZero] {
        let sizes: Vec<(usize, usize)> = [10, 100, 1_000]
            .into_iter()
            .map(|agents| {
                let counts = submissions(agents, projection);
                let reads = counts
                    .iter()
                    .map(|count| count.0)
                    .max()
                    .expect("submissions");
                let writes = counts
                    .iter()
                    .map(|count| count.1)
                    .max()
                    .expect("submissions");
                println!("{projection:?}, {agents} agents: {reads} B read, {writes} B written");
                (reads, writes)
            })
            .collect();
        for (reads, writes) in &sizes {
            // Counters in JSON gain a digit or two; nothing else may grow.
            assert!(reads.abs_diff(sizes[0].0) <= 40, "{sizes:?}");
            assert!(writes.abs_diff(sizes[0].1) <= 40, "{sizes:?}");
        }
    }
}

/// Closing a round without acceleration is as cheap: nobody else's state is touched.
#[test]
fn the_closing_submission_does_not_grow_either() {
    let closing = |agents: u32| {
        let mut deps = open(agents, Projection::Average);
        let mut written = 0;
        for number in 0..agents {
            let sender = account(&deps, number);
            deps.storage.take();
            let message = ExecuteMsg::SubmitIterate {
                session: 1,
                round: 1,
                payload: pack(&[Fx::ONE; HORIZON as usize]).into(),
                claims: Vec::new(),
            };
            run(&mut deps, &sender, message);
            written = deps.storage.take().1;
        }
        written
    };
    let (few, many) = (closing(10), closing(1_000));
    assert!(many.abs_diff(few) <= 60, "{few} and {many} bytes");
}
