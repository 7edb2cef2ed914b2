//! A feeder with metered accounts and a recorder, on the embedded chain. An interval takes 10 s,
//! readings are on time for 20 s, may be disputed for 10 s and corrected for 60 s.

use gridweave_agents::enrol::exchange_roster;
use gridweave_agents::ledger;
use gridweave_agents::meter::{Concentrator, Domain, Meter, Series, Source};
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::purse;
use gridweave_agents::settler::Settler;
use gridweave_agents::terms::{BillingChoice, money};
use gridweave_chain::embedded::{CHAIN_ID, EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, ChainEvent, Coin, Contracts, SecretKey, Signer};
use gridweave_model::{BillingOptions, Instance, Scenario};
use gridweave_types::billing::{
    CommitmentInput, ExecuteMsg, LineResponse, Origin, SourceKind, unpack_readings,
};

const FEEDER: u32 = 1;
/// Seconds of an interval.
pub const INTERVAL: u64 = 10;
/// Intervals of the day.
pub const DAY: u32 = 12;
/// What every account promises in every interval (Wh).
pub const PROMISED: i64 = -1_000;

/// The chain and everybody on it.
pub struct Street {
    /// The chain.
    pub chain: EmbeddedChain,
    /// The contracts.
    pub contracts: Contracts,
    /// The accounts.
    pub homes: Vec<Signer>,
    operator: Signer,
}

impl Street {
    /// A street whose homes have metered, funded accounts and promises for intervals 1 to `DAY`.
    pub async fn new() -> Self {
        let chain = EmbeddedChain::start().unwrap();
        let operator = chain.signer("operator").await.unwrap();
        let options = BillingOptions {
            interval_seconds: Some(INTERVAL as u32),
            period_intervals: Some(DAY + 1),
            reading_seconds: Some(20),
            dispute_seconds: Some(10),
            correction_seconds: Some(60),
            ..BillingOptions::default()
        };
        let bills = BillingChoice {
            options,
            ..BillingChoice::hourly()
        };
        let terms = bills.terms(&operator.address, GENESIS_SECONDS);
        let contracts = chain.deploy(&operator, &terms).await.unwrap();
        let mut street = Self {
            chain,
            contracts,
            homes: Vec::new(),
            operator,
        };
        street.settle_in().await;
        street.promise().await;
        street
    }

    async fn settle_in(&mut self) {
        let instance: Instance = Scenario::shipped("quick").unwrap().build().unwrap();
        let roster = exchange_roster(&instance).unwrap();
        let operator = Operator::new(&self.chain, &self.contracts, self.operator.clone());
        operator.register_feeder(&instance, FEEDER).await.unwrap();
        let mut members = Vec::new();
        for (enrolment, number) in roster.participants.iter().zip(1..) {
            let home = self.chain.signer(&enrolment.name).await.unwrap();
            members.push(Member {
                address: home.address.clone(),
                meter_key: Some(key(number).public_key().unwrap()),
            });
            self.homes.push(home);
        }
        operator
            .register_accounts(FEEDER, &roster.participants, &members)
            .await
            .unwrap();
        let deposit = money(1_000.0);
        for home in &self.homes {
            let coins = vec![Coin::new(deposit, "stake")];
            self.chain.mint(home, coins).await.unwrap();
            let billing = &self.contracts.billing;
            for _ in 0..2 {
                let paid = purse::top_up(&self.chain, billing, home, deposit).await;
                paid.expect("the second time nothing is missing");
            }
        }
    }

    async fn promise(&self) {
        let market = self.chain.signer("market").await.unwrap();
        let register = ExecuteMsg::RegisterSource {
            contract: market.address.clone(),
            kind: SourceKind::Recorder,
        };
        let rows = self.homes.iter().flat_map(|home| {
            (1..=DAY).map(|interval| CommitmentInput {
                account: home.address.clone(),
                interval,
                energy: PROMISED.into(),
                price: 200_000.into(),
            })
        });
        let record = ExecuteMsg::RecordCommitments {
            commitments: rows.collect(),
            paid: false,
        };
        for (signer, msg) in [(&self.operator, register), (&market, record)] {
            let billing = &self.contracts.billing;
            self.chain.execute(signer, billing, &msg).await.unwrap();
        }
    }

    /// Meters of the homes with these readings.
    pub fn meters(&self, series: &[Series]) -> Vec<Meter> {
        let homes = self.homes.iter().zip(series).zip(1..);
        homes
            .map(|((home, series), number)| Meter {
                account: home.address.clone(),
                key: key(number),
                source: Source::Series(series.clone()),
            })
            .collect()
    }

    /// Somebody who carries their messages.
    pub async fn concentrator(&self, meters: Vec<Meter>) -> Concentrator {
        let carrier = self.chain.signer("carrier").await.unwrap();
        let domain = Domain {
            chain_id: CHAIN_ID.into(),
            billing: self.contracts.billing.clone(),
        };
        Concentrator::new(carrier, domain, meters)
    }

    /// Somebody who settles.
    pub async fn settler(&self) -> Settler {
        let keeper = self.chain.signer("keeper").await.unwrap();
        Settler::new(keeper, self.contracts.clone(), 0)
    }

    /// Lets the clock run on to the begin of `interval`.
    pub async fn until(&self, interval: u32) {
        let then = GENESIS_SECONDS + u64::from(interval) * INTERVAL;
        let now = self.chain.time().await.unwrap();
        self.chain.advance_block(then - now).await.unwrap();
    }

    /// A line of home number `home`, if there is one.
    pub async fn line(&self, home: usize, interval: u32) -> Option<LineResponse> {
        let billing = &self.contracts.billing;
        let lines = ledger::lines(&self.chain, billing, interval).await.unwrap();
        let own = |line: &LineResponse| line.account.as_str() == self.homes[home].address;
        lines.into_iter().find(own)
    }

    /// Where the energies of a home's day come from.
    pub async fn origins(&self, home: usize) -> Vec<Origin> {
        let mut origins = Vec::new();
        for interval in 1..=DAY {
            let line = self.line(home, interval).await.unwrap();
            assert!(line.state.settled, "interval {interval}");
            origins.push(line.state.origin);
        }
        origins
    }

    /// What the contract announced under this name.
    pub async fn events(&self, action: &str) -> Vec<ChainEvent> {
        let mut events = self.chain.events(0).await.unwrap();
        events.retain(|event| event.action() == Some(action));
        events
    }

    /// The readings that were taken from a home: interval and energy, in order of arrival.
    pub async fn taken(&self, home: usize) -> Vec<(u32, i64)> {
        let mut all = Vec::new();
        for event in self.events("readings_submitted").await {
            if event.attribute("account") != Some(&self.homes[home].address) {
                continue;
            }
            let from: u32 = event.attribute("from").unwrap().parse().unwrap();
            let packed = event.attribute("readings").unwrap();
            let packed = cosmwasm_std::Binary::from_base64(packed).unwrap();
            all.extend((from..).zip(unpack_readings(&packed).unwrap()));
        }
        all
    }
}

/// The key of meter `number`, at least 1.
pub fn key(number: u32) -> SecretKey {
    SecretKey::from_hex(&format!("{number:064x}"), "test").unwrap()
}
