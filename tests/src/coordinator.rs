//! The `coordinator` on the simulated chain, with a feeder and prosumers to coordinate.

use cosmwasm_std::{Addr, Binary, Coin, StdResult};
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use gridweave_coordinator::contract;
use gridweave_types::coordinator::{
    AssignmentResponse, CertificateResponse, ExecuteMsg, GroupInput, HistoryResponse,
    InstantiateMsg, ParticipantInput, ParticipantResponse, Projection, QueryMsg, RoundRecord,
    ScheduleResponse, SessionConfig, SessionResponse,
};
use gridweave_types::grid::ExecuteMsg as GridMsg;
use gridweave_units::{FX_BYTES, Fx, pack, unpack};

use crate::Suite;
use crate::fixtures::{chain, feeder, prosumer};
pub use crate::parameters::{
    bond_terms, consensus_config, exchange_config, exchange_mut, pool_config,
};

/// Intervals of the sessions made here.
pub const HORIZON: u32 = 3;
/// Seconds per round of the sessions made here.
pub const ROUND_SECONDS: u32 = 60;
/// The feeder of the sessions made here.
pub const FEEDER: u32 = 1;

/// A chain with `grid`, `coordinator`, one feeder of a chain of buses and a prosumer at each.
pub struct Coordinator {
    /// The chain.
    pub suite: Suite,
    /// Address of the contract.
    pub contract: Addr,
    /// Prosumers; number `i` lives at bus `i + 2`.
    pub prosumers: Vec<Addr>,
}

impl Coordinator {
    /// A chain with `count` funded prosumers.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn new(count: u32) -> Self {
        let mut suite = Suite::new();
        let contract = instantiate(&mut suite.app, &suite.grid, &suite.operator, &suite.admin);
        let prosumers: Vec<Addr> = (0..count)
            .map(|number| suite.funded(&format!("prosumer {number}")))
            .collect();
        let mut this = Self {
            suite,
            contract,
            prosumers,
        };
        this.register(count);
        this
    }

    fn register(&mut self, count: u32) {
        let accounts = self.prosumers.iter().zip(2..);
        let accounts: Vec<_> = accounts
            .map(|(address, bus)| prosumer(address, FEEDER, bus))
            .collect();
        let messages = [
            GridMsg::AddFeeder {
                feeder: feeder(FEEDER),
            },
            GridMsg::AddBranches {
                feeder: FEEDER,
                branches: chain(count),
            },
            GridMsg::RegisterAccounts { accounts },
        ];
        let (operator, grid) = (self.suite.operator.clone(), self.suite.grid.clone());
        for message in messages {
            self.suite
                .execute(&operator, &grid, &message, &[])
                .expect("the register takes the feeder");
        }
    }

    /// Sends a message as the operator.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn operate(&mut self, message: &ExecuteMsg) -> StdResult<AppResponse> {
        let operator = self.suite.operator.clone();
        self.send(&operator, message, &[])
    }

    /// Sends a message.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn send(
        &mut self,
        sender: &Addr,
        message: &ExecuteMsg,
        funds: &[Coin],
    ) -> StdResult<AppResponse> {
        let contract = self.contract.clone();
        self.suite.execute(sender, &contract, message, funds)
    }

    /// Creates a session, adds the participants and groups, and returns its id without opening.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn prepare(
        &mut self,
        config: SessionConfig,
        participants: Vec<ParticipantInput>,
        groups: Vec<GroupInput>,
    ) -> u64 {
        let response = self
            .operate(&ExecuteMsg::CreateSession { config })
            .expect("the session is valid");
        let session = attribute(&response, "session")
            .and_then(|id| id.parse().ok())
            .expect("the response names the session");
        for page in participants.chunks(50) {
            let participants = page.to_vec();
            self.operate(&ExecuteMsg::AddParticipants {
                session,
                participants,
            })
            .expect("the participants are valid");
        }
        for page in groups.chunks(50) {
            let groups = page.to_vec();
            self.operate(&ExecuteMsg::AddGroups { session, groups })
                .expect("the groups are valid");
        }
        session
    }

    /// [`Coordinator::prepare`], then opens.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn open(
        &mut self,
        config: SessionConfig,
        participants: Vec<ParticipantInput>,
        groups: Vec<GroupInput>,
    ) -> u64 {
        let session = self.prepare(config, participants, groups);
        self.operate(&ExecuteMsg::Open { session })
            .expect("the session is complete");
        session
    }

    /// Submits numbers for a prosumer in `round`.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn submit(
        &mut self,
        session: u64,
        number: usize,
        round: u32,
        payload: &[Fx],
        claims: &[Fx],
    ) -> StdResult<AppResponse> {
        let sender = self.prosumers[number].clone();
        let message = ExecuteMsg::SubmitIterate {
            session,
            round,
            payload: pack(payload).into(),
            claims: claims.to_vec(),
        };
        self.send(&sender, &message, &[])
    }

    /// Lets the deadline pass and advances.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn advance(&mut self, session: u64, replace: Vec<u32>) -> StdResult<AppResponse> {
        self.pass(u64::from(ROUND_SECONDS));
        let anyone = self.suite.address("anyone");
        self.send(&anyone, &ExecuteMsg::Advance { session, replace }, &[])
    }

    /// Lets time pass.
    pub fn pass(&mut self, seconds: u64) {
        self.suite.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
    }

    /// Asks the contract.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn ask<T: serde::de::DeserializeOwned>(&self, question: &QueryMsg) -> StdResult<T> {
        self.suite.query(&self.contract, question)
    }

    /// Status of a session.
    ///
    /// # Panics
    /// When it does not exist.
    pub fn session(&self, session: u64) -> SessionResponse {
        self.ask(&QueryMsg::Session { session })
            .expect("the session exists")
    }

    /// All closed rounds.
    ///
    /// # Panics
    /// When the session does not exist.
    pub fn history(&self, session: u64) -> Vec<RoundRecord> {
        let mut rounds: Vec<RoundRecord> = Vec::new();
        loop {
            let page: HistoryResponse = self
                .ask(&QueryMsg::History {
                    session,
                    start_after: rounds.last().map(|record| record.round),
                    limit: Some(100),
                })
                .expect("the session exists");
            if page.rounds.is_empty() {
                return rounds;
            }
            rounds.extend(page.rounds);
        }
    }

    /// What prosumer `number` is asked.
    ///
    /// # Panics
    /// When it takes no part.
    pub fn assignment(&self, session: u64, number: usize) -> AssignmentResponse {
        self.ask(&QueryMsg::Assignment {
            session,
            participant: number as u32,
        })
        .expect("the prosumer takes part")
    }

    /// Record of prosumer `number`.
    ///
    /// # Panics
    /// When it takes no part.
    pub fn participant(&self, session: u64, number: usize) -> ParticipantResponse {
        self.ask(&QueryMsg::Participant {
            session,
            participant: number as u32,
        })
        .expect("the prosumer takes part")
    }

    /// The schedule, one row per participant.
    ///
    /// # Panics
    /// When the session does not exist.
    pub fn schedule(&self, session: u64) -> Vec<Vec<Fx>> {
        let response: ScheduleResponse = self
            .ask(&QueryMsg::Schedule {
                session,
                start_after: None,
                limit: Some(100),
            })
            .expect("the session exists");
        let rows = response.rows.iter();
        rows.map(|row| numbers(&row.injection)).collect()
    }

    /// The certificate.
    ///
    /// # Panics
    /// When there is none.
    pub fn certificate(&self, session: u64) -> CertificateResponse {
        self.ask(&QueryMsg::Certificate { session })
            .expect("exchange sessions have a certificate")
    }

    /// A consensus participant with one shared block of `size` numbers and nothing to report.
    pub fn sharing(&self, number: usize, size: usize) -> ParticipantInput {
        ParticipantInput {
            account: self.prosumers[number].to_string(),
            bus: number as u32 + 2,
            lower: filled(size, -100),
            upper: filled(size, 100),
            baseline: filled(size, 0),
            baseline_cost: Fx::ZERO,
            reactive: Binary::default(),
            reports: 0,
            mobility: None,
        }
    }

    /// An exchange participant that draws 0.1 pu and can move by `reach` hundredths around it.
    pub fn flexible(&self, number: usize, reach: i32) -> ParticipantInput {
        let all = |hundredths: i32| -> Binary {
            pack(&[Fx::ratio(hundredths, 100); HORIZON as usize]).into()
        };
        ParticipantInput {
            account: self.prosumers[number].to_string(),
            bus: number as u32 + 2,
            lower: all(-10 - reach),
            upper: all(-10 + reach),
            baseline: all(-10),
            baseline_cost: Fx::ZERO,
            reactive: all(-2),
            reports: 0,
            mobility: None,
        }
    }
}

/// A group over participants `0..members`.
pub fn group(size: u32, projection: Projection, members: u32) -> GroupInput {
    GroupInput {
        size,
        projection,
        members: (0..members).collect(),
    }
}

/// Unpacked numbers.
///
/// # Panics
/// When the bytes are not whole numbers.
pub fn numbers(bytes: &Binary) -> Vec<Fx> {
    unpack(bytes, bytes.len() / FX_BYTES).expect("whole numbers")
}

/// `count` packed copies of an integer.
pub fn filled(count: usize, value: i32) -> Binary {
    pack(&vec![Fx::from_int(value); count]).into()
}

/// The first attribute `key` of any event of a response.
pub fn attribute(response: &AppResponse, key: &str) -> Option<String> {
    let attributes = response.events.iter().flat_map(|event| &event.attributes);
    attributes
        .filter(|attribute| attribute.key == key)
        .map(|attribute| attribute.value.clone())
        .next()
}

/// Whether a response has an event of this name.
pub fn announced(response: &AppResponse, name: &str) -> bool {
    let name = format!("wasm-{name}");
    response.events.iter().any(|event| event.ty == name)
}

fn instantiate(app: &mut App, grid: &Addr, operator: &Addr, admin: &Addr) -> Addr {
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
        .with_migrate(contract::migrate);
    let code_id = app.store_code(Box::new(code));
    let message = InstantiateMsg {
        grid: grid.to_string(),
    };
    app.instantiate_contract(
        code_id,
        operator.clone(),
        &message,
        &[],
        "coordinator",
        Some(admin.to_string()),
    )
    .expect("the coordinator needs only a grid")
}
