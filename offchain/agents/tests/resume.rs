//! Actors that die and come back, on the embedded chain.

mod common;

use std::time::Duration;

use common::Mortal;
use gridweave_agents::AgentError;
use gridweave_agents::enrol::{Roster, consensus_roster, exchange_roster};
use gridweave_agents::keeper::{Duties, keep};
use gridweave_agents::observer::Observer;
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::parameters::{SessionChoice, has_private_costs};
use gridweave_agents::participant::Participant;
use gridweave_agents::prosumer::Prosumer;
use gridweave_agents::terms::BillingChoice;
use gridweave_chain::embedded::{EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, ChainError, Contracts, Signer};
use gridweave_model::{Instance, Scenario, SessionMode, SessionOptions};
use gridweave_optim::nodal;
use gridweave_types::billing::InstantiateMsg;
use gridweave_types::coordinator::{Phase, SessionConfig};

const FEEDER: u32 = 1;
/// Sessions only, and no longer than there are any.
const ONCE: Duties = Duties {
    after: 0,
    once: true,
    bills_from: None,
};

fn terms(treasury: &Signer) -> InstantiateMsg {
    BillingChoice::hourly().terms(&treasury.address, GENESIS_SECONDS)
}

fn quick() -> Instance {
    Scenario::shipped("quick").unwrap().build().unwrap()
}

fn prosumer(instance: &Instance, bus: usize) -> Prosumer {
    Prosumer::new(instance, bus, has_private_costs(instance)).unwrap()
}

fn config(instance: &Instance, mode: SessionMode) -> SessionConfig {
    let choice = SessionChoice {
        feeder: FEEDER,
        first_interval: 0,
        options: SessionOptions {
            mode,
            ..SessionOptions::default()
        },
        checks: true,
        warm_from: None,
    };
    choice.config(instance).unwrap()
}

struct World {
    chain: EmbeddedChain,
    contracts: Contracts,
    operator: Signer,
    signers: Vec<Signer>,
}

impl World {
    async fn new(roster: &Roster) -> Self {
        let chain = EmbeddedChain::start().unwrap();
        let operator = chain.signer("operator").await.unwrap();
        let contracts = chain.deploy(&operator, &terms(&operator)).await.unwrap();
        let mut signers = Vec::new();
        for enrolment in &roster.participants {
            signers.push(chain.signer(&enrolment.name).await.unwrap());
        }
        Self {
            chain,
            contracts,
            operator,
            signers,
        }
    }

    /// Everything an operator does, on `chain`; the session.
    async fn operate<C: Chain>(
        &self,
        chain: &C,
        instance: &Instance,
        roster: &Roster,
        config: &SessionConfig,
    ) -> Result<u64, AgentError> {
        let addresses: Vec<String> = self.signers.iter().map(|s| s.address.clone()).collect();
        let members: Vec<Member> = addresses.iter().map(|a| Member::unmetered(a)).collect();
        let operator = Operator::new(chain, &self.contracts, self.operator.clone());
        operator.register_feeder(instance, FEEDER).await?;
        operator
            .register_accounts(FEEDER, &roster.participants, &members)
            .await?;
        operator
            .open_session(0, config.clone(), roster, &addresses)
            .await
    }

    fn participants(&self, instance: &Instance, roster: &Roster, session: u64) -> Vec<Participant> {
        let pairs = self.signers.iter().zip(&roster.participants).zip(0..);
        pairs
            .map(|((signer, enrolment), index)| {
                let problem = prosumer(instance, enrolment.buses[0]);
                Participant::new(signer.clone(), session, index, Box::new(problem))
            })
            .collect()
    }
}

#[tokio::test]
async fn an_operator_that_dies_between_any_two_transactions_goes_on() {
    let instance = quick();
    let exchange = exchange_roster(&instance).unwrap();
    let consensus = consensus_roster(&instance, &nodal(&instance)).unwrap();
    for (mode, roster) in [
        (SessionMode::Exchange, exchange),
        (SessionMode::Nodal, consensus),
    ] {
        let config = config(&instance, mode);
        let whole = World::new(&roster).await;
        let session = whole
            .operate(&whole.chain, &instance, &roster, &config)
            .await
            .unwrap();
        let broken = World::new(&roster).await;
        let mut deaths = 0;
        let resumed = loop {
            // Each life lasts for one transaction.
            let mortal = Mortal::new(&broken.chain, 1);
            match broken.operate(&mortal, &instance, &roster, &config).await {
                Ok(session) => break session,
                Err(AgentError::Chain(ChainError::Stopped)) => deaths += 1,
                Err(error) => panic!("{error}"),
            }
        };
        assert!(deaths >= 4, "{deaths}");
        assert_eq!(resumed, session);
        assert_eq!(
            broken.chain.state_hash().await.unwrap(),
            whole.chain.state_hash().await.unwrap()
        );
    }
}

#[tokio::test]
async fn a_feeder_number_of_another_network_is_refused() {
    let instance = quick();
    let roster = exchange_roster(&instance).unwrap();
    let world = World::new(&roster).await;
    let operator = Operator::new(&world.chain, &world.contracts, world.operator.clone());
    operator.register_feeder(&instance, FEEDER).await.unwrap();
    let mut other = instance.clone();
    other.network.buses[1].r += 0.5;
    let error = operator.register_feeder(&other, FEEDER).await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("feeder 1 is registered already with other branches"),
        "{error}"
    );
}

/// Lets a block pass now and then, until dropped.
fn clock(chain: EmbeddedChain) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(1)).await;
            chain.advance_block(1).await.unwrap();
        }
    })
}

async fn schedule(world: &World, session: u64) -> Vec<Vec<f64>> {
    let observer = Observer::new(&world.chain, &world.contracts.coordinator, session);
    let status = observer.status().await.unwrap();
    assert_eq!((status.phase, status.missed), (Phase::Converged, 0));
    let rows = observer.schedule().await.unwrap().into_iter();
    rows.map(|row| row.injection).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn actors_of_their_own_reach_the_same_schedule_with_or_without_deaths() {
    let instance = quick();
    let roster = exchange_roster(&instance).unwrap();
    let mut config = config(&instance, SessionMode::Exchange);
    config.round_seconds = 1_000_000;
    let mut schedules = Vec::new();
    for deadly in [false, true] {
        let world = World::new(&roster).await;
        let session = world
            .operate(&world.chain, &instance, &roster, &config)
            .await
            .unwrap();
        let clock = clock(world.chain.clone());
        let mut tasks = tokio::task::JoinSet::new();
        for mut participant in world.participants(&instance, &roster, session) {
            let (chain, to) = (world.chain.clone(), world.contracts.coordinator.clone());
            if !deadly || participant.index != 1 {
                tasks.spawn(async move { participant.serve(&chain, &to).await.unwrap() });
                continue;
            }
            // This one dies before, or after, each answer and is born again with only its key.
            let signer = participant.signer.clone();
            let (instance, bus) = (instance.clone(), roster.participants[1].buses[0]);
            tasks.spawn(async move {
                for life in 0.. {
                    let problem = Box::new(prosumer(&instance, bus));
                    let mut reborn = Participant::new(signer.clone(), session, 1, problem);
                    let mortal = Mortal::new(&chain, life % 2);
                    if reborn.serve(&mortal, &to).await.is_ok() {
                        break;
                    }
                }
            });
        }
        let keeper = world.chain.signer("keeper").await.unwrap();
        keep(&world.chain, &keeper, &world.contracts, ONCE)
            .await
            .unwrap();
        while tasks.join_next().await.transpose().unwrap().is_some() {}
        clock.abort();
        schedules.push(schedule(&world, session).await);
    }
    assert_eq!(schedules[0], schedules[1]);
}

#[tokio::test]
async fn an_answer_that_is_refused_twice_ends_the_participant() {
    let instance = quick();
    let roster = exchange_roster(&instance).unwrap();
    let world = World::new(&roster).await;
    let config = config(&instance, SessionMode::Exchange);
    let session = world
        .operate(&world.chain, &instance, &roster, &config)
        .await
        .unwrap();
    let clock = clock(world.chain.clone());
    // It leaves out the private costs that the session asks for.
    let bus = roster.participants[0].buses[0];
    let private = has_private_costs(&instance);
    let wrong = Prosumer::new(&instance, bus, !private).unwrap();
    let mut participant = Participant::new(world.signers[0].clone(), session, 0, Box::new(wrong));
    let error = participant
        .serve(&world.chain, &world.contracts.coordinator)
        .await
        .unwrap_err();
    clock.abort();
    assert!(error.to_string().contains("claims"), "{error}");
}
