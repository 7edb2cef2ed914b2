//! Work per submission does not grow with the number of agents.

use std::cell::Cell;
use std::marker::PhantomData;

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, message_info, mock_env};
use cosmwasm_std::{
    Addr, ContractResult, Empty, Order, OwnedDeps, Record, Storage, SystemResult, WasmQuery,
    from_json, to_json_binary,
};
use gridweave_coordinator::contract;
use gridweave_testkit::coordinator::{FEEDER, HORIZON, consensus_config, filled};
use gridweave_types::coordinator::{
    ExecuteMsg, GroupInput, InstantiateMsg, ParticipantInput, Projection,
};
use gridweave_types::grid::{self, Account, OperatorResponse, Role};
use gridweave_units::{Fx, pack};

/// A storage that counts bytes of keys and values.
#[derive(Default)]
struct Counting {
    inner: MockStorage,
    read: Cell<usize>,
    written: Cell<usize>,
}

impl Storage for Counting {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        let bytes = key.len() + value.as_ref().map_or(0, Vec::len);
        self.read.set(self.read.get() + bytes);
        value
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.written
            .set(self.written.get() + key.len() + value.len());
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.written.set(self.written.get() + key.len());
        self.inner.remove(key);
    }

    fn range<'a>(
        &'a self,
        _start: Option<&[u8]>,
        _end: Option<&[u8]>,
        _order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        panic!("a submission must not iterate over storage")
    }
}

type Deps = OwnedDeps<Counting, MockApi, MockQuerier, Empty>;

/// Dependencies whose `grid` knows every account.
fn deps(operator: &Addr) -> Deps {
    let mut querier = MockQuerier::default();
    let operator = operator.clone();
    querier.update_wasm(move |query| {
        let WasmQuery::Smart { msg, .. } = query else {
            panic!("only smart queries");
        };
        let answer = match from_json(msg).expect("a grid query") {
            grid::QueryMsg::Operator {} => to_json_binary(&OperatorResponse {
                operator: operator.clone(),
                proposed: None,
            }),
            grid::QueryMsg::Account { address } => to_json_binary(&Account {
                address: Addr::unchecked(address),
                feeder: FEEDER,
                bus: 2,
                role: Role::Prosumer,
                meter_key: None,
            }),
            grid::QueryMsg::Feeder { feeder } => {
                to_json_binary(&gridweave_testkit::fixtures::feeder(feeder))
            }
            other => panic!("unexpected {other:?}"),
        };
        SystemResult::Ok(ContractResult::Ok(answer.expect("serializes")))
    });
    Deps {
        storage: Counting::default(),
        api: MockApi::default(),
        querier,
        custom_query_type: PhantomData,
    }
}

fn account(deps: &Deps, number: u32) -> Addr {
    deps.api.addr_make(&format!("prosumer {number}"))
}

fn run(deps: &mut Deps, sender: &Addr, message: ExecuteMsg) {
    let info = message_info(sender, &[]);
    contract::execute(deps.as_mut(), mock_env(), info, message).expect("a valid message");
}

/// Opens a session in which `agents` share one group.
fn open(agents: u32, projection: Projection) -> Deps {
    let operator = MockApi::default().addr_make("operator");
    let mut deps = deps(&operator);
    let grid = deps.api.addr_make("grid").to_string();
    let info = message_info(&operator, &[]);
    contract::instantiate(deps.as_mut(), mock_env(), info, InstantiateMsg { grid })
        .expect("a valid address");
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
            deps.storage.read.set(0);
            deps.storage.written.set(0);
            let message = ExecuteMsg::SubmitIterate {
                session: 1,
                round,
                payload: pack(&[value; HORIZON as usize]).into(),
                claims: Vec::new(),
            };
            run(&mut deps, &sender, message);
            if round == 2 && number > 0 && number + 1 < agents {
                counts.push((deps.storage.read.get(), deps.storage.written.get()));
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
            deps.storage.written.set(0);
            let message = ExecuteMsg::SubmitIterate {
                session: 1,
                round: 1,
                payload: pack(&[Fx::ONE; HORIZON as usize]).into(),
                claims: Vec::new(),
            };
            run(&mut deps, &sender, message);
            written = deps.storage.written.get();
        }
        written
    };
    let (few, many) = (closing(10), closing(1_000));
    assert!(many.abs_diff(few) <= 60, "{few} and {many} bytes");
}
