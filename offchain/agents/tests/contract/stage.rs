//! The programme of a fixed plan on the embedded chain.

use cosmwasm_std::{Int64, Uint64, Uint128};
use gridweave_agents::crowdsourcing::{Accounts, Crowdsourcee, OnContract};
use gridweave_agents::enrol::Enrolment;
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::purse;
use gridweave_agents::terms::{BillingChoice, money};
use gridweave_chain::embedded::{EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Call, Chain, ChainError, Coin, ContractAddr, Contracts, Signer, Terms};
use gridweave_model::{BillingOptions, Scenario};
use gridweave_types::crowdsourcing::{
    Bound, ExecuteMsg, FeederBudget, InstantiateMsg, Kind, Preferences, QueryMsg,
    Terms as Programme, Window,
};
use serde::de::DeserializeOwned;

use crate::plan::INTERVALS;

/// Seconds of an interval.
pub const INTERVAL: u64 = 600;
/// First interval of the programme.
pub const FIRST: u32 = 2 * INTERVALS;
/// When preferences are complete.
pub const DEADLINE: u64 = GENESIS_SECONDS + (FIRST as u64 - 1) * INTERVAL;
/// Seconds for an answer.
pub const TASK: u64 = 120;
/// A bus of both feeders.
const BUS: u32 = 3;

/// The chain and everybody on it.
pub struct Stage {
    pub chain: EmbeddedChain,
    pub contracts: Contracts,
    pub contract: ContractAddr,
    pub operator: Signer,
    /// Type 2: two at feeder 1, one at feeder 2.
    pub members: Vec<Signer>,
    /// Generators at buses 20 and 1 of the plan, then Type 1 at bus 3.
    pub ahead: Vec<Signer>,
}

impl Stage {
    /// Everybody is enrolled, and the programme of `budget` µ for each feeder and interval takes
    /// preferences.
    pub async fn new(budget: u128) -> Self {
        let chain = EmbeddedChain::start().unwrap();
        let operator = chain.signer("operator").await.unwrap();
        let contracts = deploy(&chain, &operator).await;
        let mut stage = Self {
            contract: contracts.crowdsourcing().unwrap().clone(),
            chain,
            contracts,
            operator,
            members: Vec::new(),
            ahead: Vec::new(),
        };
        stage.members = stage.settle_in(&[("a", 1), ("b", 1), ("c", 2)]).await;
        stage.ahead = stage.settle_in(&[("g", 1), ("h", 1), ("i", 2)]).await;
        stage.enrol().await;
        stage.open(budget).await;
        stage
    }

    async fn settle_in(&self, who: &[(&str, u32)]) -> Vec<Signer> {
        let instance = Scenario::shipped("quick").unwrap().build().unwrap();
        let operator = Operator::new(&self.chain, &self.contracts, self.operator.clone());
        let deposit = money(10_000.0);
        let mut signers = Vec::new();
        for (name, feeder) in who {
            operator.register_feeder(&instance, *feeder).await.unwrap();
            let signer = self.chain.signer(name).await.unwrap();
            let member = Member::unmetered(&signer.address);
            let (own, members) = ([enrolment(name)], [member]);
            let added = operator.register_accounts(*feeder, &own, &members).await;
            added.unwrap();
            self.mint(&signer, deposit).await;
            let billing = &self.contracts.billing;
            let paid = purse::top_up(&self.chain, billing, &signer, deposit).await;
            paid.unwrap();
            signers.push(signer);
        }
        self.mint(&self.operator, deposit).await;
        operator.fund_grid(deposit).await.unwrap();
        signers
    }

    async fn mint(&self, signer: &Signer, amount: u128) {
        let coins = vec![Coin::new(Uint128::new(amount), "stake")];
        self.chain.mint(signer, coins).await.unwrap();
    }

    async fn enrol(&self) {
        for signer in &self.members {
            self.admit(signer, Kind::Type2).await.unwrap();
        }
        let kinds = [Kind::Generator, Kind::Generator, Kind::Type1];
        for (signer, kind) in self.ahead.iter().zip(kinds) {
            self.admit(signer, kind).await.unwrap();
        }
    }

    /// An account asks to take part, and the operator lets it.
    pub async fn admit(&self, signer: &Signer, kind: Kind) -> Result<(), ChainError> {
        let devices = Vec::new();
        self.send(signer, &ExecuteMsg::Enrol { kind, devices })
            .await?;
        let account = signer.address.clone();
        self.send(&self.operator, &ExecuteMsg::ApproveEnrolment { account })
            .await
    }

    async fn open(&self, budget: u128) {
        let budgets = [1, 2].map(|feeder| FeederBudget {
            feeder,
            from: FIRST,
            amounts: vec![Uint128::new(budget); INTERVALS as usize],
        });
        let create = ExecuteMsg::CreateProgramme {
            terms: Programme {
                first: FIRST,
                length: INTERVALS,
                preferences_until: Uint64::new(DEADLINE),
                cap: Uint64::new(120_000),
                raises: 2,
                task_seconds: TASK as u32,
                supplement_price: Uint64::new(400_000),
            },
            budgets: budgets.to_vec(),
        };
        let sum = budget * 2 * u128::from(INTERVALS);
        self.mint(&self.operator, sum).await;
        let mut call = Call::new(&self.contract, &create).unwrap();
        if sum > 0 {
            call = call.with_funds(vec![Coin::new(Uint128::new(sum), "stake")]);
        }
        let created = self.chain.execute_many(&self.operator, vec![call]).await;
        created.unwrap();
        for signer in &self.members {
            let all = preferences((0, INTERVALS - 1), (600, 90_000), (600, 120_000), 2_000);
            self.prefer(signer, all).await.unwrap();
        }
        for (signer, (most, price, saving)) in self.ahead.iter().zip([
            (600, 200_000, 80_000),
            (1_000_000, 300_000, 70_000),
            (500, 95_000, 0),
        ]) {
            let whole = (0, INTERVALS - 1);
            let all = preferences(whole, (most, price), (1_000_000, saving), 8_000_000);
            self.prefer(signer, all).await.unwrap();
        }
    }

    /// Somebody's preferences for the programme.
    pub async fn prefer(
        &self,
        signer: &Signer,
        preferences: Preferences,
    ) -> Result<(), ChainError> {
        let programme = 1;
        let message = ExecuteMsg::SubmitPreferences {
            programme,
            preferences,
        };
        self.send(signer, &message).await
    }

    /// A message to the contract.
    pub async fn send(&self, signer: &Signer, message: &ExecuteMsg) -> Result<(), ChainError> {
        self.chain.execute(signer, &self.contract, message).await?;
        Ok(())
    }

    /// A query of the contract.
    pub async fn ask<T: DeserializeOwned>(&self, query: &QueryMsg) -> T {
        self.chain.query(&self.contract, query).await.unwrap()
    }

    /// Time passes until `time`, if it is still to come.
    pub async fn until(&self, time: u64) {
        let now = self.chain.time().await.unwrap();
        if time > now {
            self.chain.advance_block(time - now).await.unwrap();
        }
    }

    /// The programme as its operator sees it.
    pub fn platform(&self) -> OnContract<'_, EmbeddedChain> {
        let address = |signer: &Signer| signer.address.clone();
        let accounts = Accounts {
            members: self.members.iter().map(address).collect(),
            ahead: [(20, &self.ahead[0]), (3, &self.ahead[2])]
                .map(|(bus, signer)| (bus, address(signer)))
                .into(),
            generators: self.ahead[..2].iter().map(address).collect(),
            feeders: vec![1, 2],
        };
        let (operator, contract) = (self.operator.clone(), self.contract.clone());
        OnContract::new(&self.chain, operator, contract, 1, accounts)
    }

    /// Generators and Type 1 sign what is proposed.
    pub async fn sign(&self) {
        for signer in &self.ahead {
            let person = Crowdsourcee::new(signer.clone(), self.contract.clone());
            person.sign(&self.chain, i64::MIN).await.unwrap();
        }
    }
}

async fn deploy(chain: &EmbeddedChain, operator: &Signer) -> Contracts {
    let options = BillingOptions {
        interval_seconds: Some(INTERVAL as u32),
        ..BillingOptions::default()
    };
    let bills = BillingChoice {
        options,
        horizon: INTERVALS as usize,
        interval_hours: 1.0,
    };
    let terms = Terms {
        operator: operator.address.clone(),
        billing: bills.terms(&operator.address, GENESIS_SECONDS),
        market: None,
        crowdsourcing: Some(InstantiateMsg {
            grid: String::new(),
            billing: String::new(),
            day_intervals: INTERVALS,
            incentive_limit: Uint64::new(160_000),
        }),
    };
    chain.deploy_suite(operator, terms).await.unwrap()
}

fn enrolment(name: &str) -> Enrolment {
    Enrolment {
        name: name.into(),
        bus: BUS,
        buses: Vec::new(),
        lower: Vec::new(),
        upper: Vec::new(),
        baseline: Vec::new(),
        baseline_cost: 0.0,
        reactive: Vec::new(),
        reports: 0,
        mobility: None,
    }
}

/// Preferences with one window and `(most, price)` to inject and to draw.
pub fn preferences(
    (from, until): (u32, u32),
    export: (u64, i64),
    import: (u64, i64),
    energy: u64,
) -> Preferences {
    let bound = |(energy, price)| Bound {
        energy: Uint64::new(energy),
        price: Int64::new(price),
    };
    Preferences {
        windows: vec![Window {
            first: FIRST + from,
            last: FIRST + until,
        }],
        export: bound(export),
        import: bound(import),
        energy: Uint64::new(energy),
        devices: Vec::new(),
    }
}
