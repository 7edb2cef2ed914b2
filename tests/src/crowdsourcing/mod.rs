//! The `crowdsourcing` contract on the simulated chain, beside `billing`: prosumer 0 is a generator,
//! prosumer 1 of type 1, the others of type 2.

mod ask;
mod audit;
mod send;

use cosmwasm_std::{Addr, Int64, StdResult, Uint64, Uint128};
use cw_multi_test::{App, ContractWrapper};
use gridweave_crowdsourcing::contract;
use gridweave_types::billing::{ExecuteMsg as BillingMsg, SourceKind, pack_readings};
use gridweave_types::crowdsourcing::{
    AgreementProposal, Bound, FeederBudget, InstantiateMsg, Kind, Preferences, SupplementInput,
    TaskInput, Term, Terms, Window,
};

pub use send::{accept, decline, raise};

use crate::billing::{Billing, COLLATERAL};
use crate::coordinator::FEEDER;

/// Prosumer that is a generator.
pub const GENERATOR: usize = 0;
/// Prosumer of type 1.
pub const TYPE_1: usize = 1;
/// First prosumer of type 2.
pub const TYPE_2: usize = 2;

/// Intervals of a day.
pub const DAY: u32 = 8;
/// Largest incentive (µ/kWh): levels are 10,000 wide.
pub const INCENTIVE_LIMIT: u64 = 160_000;
/// First interval of the usual programme.
pub const FIRST: u32 = 2;
/// Its intervals.
pub const LENGTH: u32 = 4;
/// Its budget of one interval (µ).
pub const BUDGET: u128 = 300_000;
/// Its cap (µ/kWh).
pub const CAP: u64 = 120_000;
/// How long its tasks are open (seconds).
pub const OPEN: u32 = 600;
/// `λ` of the usual task (µ/kWh).
pub const PRICE: i64 = 200_000;

/// The chain and everybody on it.
pub struct Crowd {
    /// The chain with `billing`.
    pub billing: Billing,
    /// Address of the contract.
    pub contract: Addr,
}

impl Crowd {
    /// A chain with `count` solvent prosumers, nobody enrolled.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn new(count: u32) -> Self {
        Self::on(Billing::new(count), |_| {})
    }

    /// The contract beside an existing `billing`, under terms that `change` has been at.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn on(mut billing: Billing, change: impl FnOnce(&mut InstantiateMsg)) -> Self {
        let operator = billing.chain.suite.operator.clone();
        assert_eq!(billing.chain.suite.funded("operator"), operator);
        for number in 0..billing.meters.len() {
            billing.top_up(number, COLLATERAL).expect("coins");
        }
        let contract = instantiate(&mut billing, change).expect("the terms are in range");
        let source = BillingMsg::RegisterSource {
            contract: contract.to_string(),
            kind: SourceKind::Additions,
        };
        billing.operate(&source).expect("the operator registers");
        Self { billing, contract }
    }

    /// The same with everybody enrolled.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn enrolled(count: u32) -> Self {
        let mut this = Self::new(count);
        this.enrol_all();
        this
    }

    /// Enrols everybody.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn enrol_all(&mut self) {
        for number in 0..self.billing.meters.len() {
            let kind = match number {
                GENERATOR => Kind::Generator,
                TYPE_1 => Kind::Type1,
                _ => Kind::Type2,
            };
            self.enrol(number, kind).expect("a registered account");
            self.approve(number).expect("a request");
        }
    }

    /// The same with programme 1, in which everybody has the usual preferences. Interval 0 begins.
    ///
    /// # Panics
    /// When the contracts refuse.
    pub fn running(count: u32) -> Self {
        let mut this = Self::enrolled(count);
        let terms = this.terms();
        this.create(terms, &[BUDGET; LENGTH as usize])
            .expect("a programme");
        for number in 0..count as usize {
            this.prefer(number, 1, preferences()).expect("in time");
        }
        this.billing.at(0, 0);
        this
    }

    /// The usual terms: preferences until interval 0 begins.
    pub fn terms(&self) -> Terms {
        Terms {
            first: FIRST,
            length: LENGTH,
            preferences_until: Uint64::new(self.billing.genesis),
            cap: Uint64::new(CAP),
            raises: 2,
            task_seconds: OPEN,
            supplement_price: Uint64::new(400_000),
        }
    }

    /// A task of prosumer `number`: 1 kWh at the usual price.
    pub fn task(&self, number: usize, interval: u32, incentive: u64) -> TaskInput {
        TaskInput {
            account: self.billing.home(number).to_string(),
            interval,
            energy: Int64::new(1_000),
            price: Int64::new(PRICE),
            incentive: Uint64::new(incentive),
        }
    }

    /// An agreement for `term` at 150,000 µ/kWh over at most 2 kWh either way.
    pub fn proposal(&self, number: usize, term: Term, setpoints: &[i64]) -> AgreementProposal {
        AgreementProposal {
            account: self.billing.home(number).to_string(),
            rate: Int64::new(150_000),
            term,
            export: Uint64::new(2_000),
            import: Uint64::new(2_000),
            setpoints: pack_readings(setpoints),
        }
    }

    /// A supplement of the generator at 350,000 µ/kWh.
    pub fn supplement(&self, interval: u32, energy: i64) -> SupplementInput {
        SupplementInput {
            account: self.billing.home(GENERATOR).to_string(),
            feeder: FEEDER,
            interval,
            energy: Int64::new(energy),
            price: Int64::new(350_000),
        }
    }
}

/// Always available for 2 kWh either way in an interval and 8 kWh in all; injects for 100,000 µ/kWh
/// and draws at no more than 300,000.
pub fn preferences() -> Preferences {
    let bound = |price| Bound {
        energy: Uint64::new(2_000),
        price: Int64::new(price),
    };
    Preferences {
        windows: vec![Window {
            first: FIRST,
            last: FIRST + LENGTH - 1,
        }],
        export: bound(100_000),
        import: bound(300_000),
        energy: Uint64::new(8_000),
        devices: Vec::new(),
    }
}

/// Budgets of the feeder from the usual first interval on (µ).
pub fn budgets(amounts: &[u128]) -> Vec<FeederBudget> {
    vec![FeederBudget {
        feeder: FEEDER,
        from: FIRST,
        amounts: amounts.iter().copied().map(Uint128::new).collect(),
    }]
}

/// Uploads and instantiates the contract under terms that `change` has been at; its address.
///
/// # Errors
/// What the contract refuses.
pub fn instantiate(
    billing: &mut Billing,
    change: impl FnOnce(&mut InstantiateMsg),
) -> StdResult<Addr> {
    let mut message = InstantiateMsg {
        grid: billing.chain.suite.grid.to_string(),
        billing: billing.contract.to_string(),
        day_intervals: DAY,
        incentive_limit: Uint64::new(INCENTIVE_LIMIT),
    };
    change(&mut message);
    let code = store(&mut billing.chain.suite.app);
    let suite = &mut billing.chain.suite;
    suite.instantiate(code, &message, "crowdsourcing")
}

/// Uploads the code; returns its number.
pub fn store(app: &mut App) -> u64 {
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
        .with_migrate(contract::migrate);
    app.store_code(Box::new(code))
}
