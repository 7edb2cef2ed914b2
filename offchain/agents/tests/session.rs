//! Whole sessions of the actors on the embedded chain.

use gridweave_agents::area::Area;
use gridweave_agents::enrol::{Roster, consensus_roster, exchange_roster};
use gridweave_agents::faults::Liar;
use gridweave_agents::fixed::{to_f64, unpack_numbers};
use gridweave_agents::keeper::Keeper;
use gridweave_agents::marginal::marginal_prices;
use gridweave_agents::observer::Observer;
use gridweave_agents::operator::{Member, Operator};
use gridweave_agents::parameters::{SessionChoice, has_private_costs};
use gridweave_agents::participant::Participant;
use gridweave_agents::prosumer::Prosumer;
use gridweave_agents::terms::BillingChoice;
use gridweave_agents::{LocalProblem, Task};
use gridweave_chain::embedded::{EmbeddedChain, GENESIS_SECONDS};
use gridweave_chain::{Chain, Contracts, Signer};
use gridweave_model::{Instance, Scenario, SessionMode, SessionOptions};
use gridweave_optim::{nodal, solve_central};
use gridweave_types::coordinator::{Phase, SessionConfig};

const FEEDER: u32 = 1;

struct Scene {
    chain: EmbeddedChain,
    contracts: Contracts,
    session: u64,
    participants: Vec<Participant>,
}

fn quick() -> Instance {
    Scenario::shipped("quick").unwrap().build().unwrap()
}

fn config(instance: &Instance, mode: SessionMode, max_rounds: u32) -> SessionConfig {
    let choice = SessionChoice {
        feeder: FEEDER,
        first_interval: 0,
        options: SessionOptions {
            mode,
            max_rounds: Some(max_rounds),
            max_misses: Some(2),
            ..SessionOptions::default()
        },
        checks: true,
        warm_from: None,
    };
    choice.config(instance).unwrap()
}

async fn signers(chain: &EmbeddedChain, roster: &Roster) -> Vec<Signer> {
    let mut signers = Vec::new();
    for enrolment in &roster.participants {
        signers.push(chain.signer(&enrolment.name).await.unwrap());
    }
    signers
}

async fn open(
    instance: &Instance,
    roster: &Roster,
    config: SessionConfig,
    problem: impl Fn(usize) -> Box<dyn LocalProblem>,
) -> Scene {
    let chain = EmbeddedChain::start().unwrap();
    let signer = chain.signer("operator").await.unwrap();
    let terms = BillingChoice::hourly().terms(&signer.address, GENESIS_SECONDS);
    let contracts = chain.deploy(&signer, &terms).await.unwrap();
    let operator = Operator::new(&chain, &contracts, signer);
    operator.register_feeder(instance, FEEDER).await.unwrap();
    let signers = signers(&chain, roster).await;
    let addresses: Vec<String> = signers.iter().map(|s| s.address.clone()).collect();
    let members: Vec<Member> = addresses.iter().map(|a| Member::unmetered(a)).collect();
    operator
        .register_accounts(FEEDER, &roster.participants, &members)
        .await
        .unwrap();
    let session = operator
        .open_session(0, config, roster, &addresses)
        .await
        .unwrap();
    let participants = signers
        .into_iter()
        .enumerate()
        .map(|(index, signer)| Participant::new(signer, session, index as u32, problem(index)))
        .collect();
    Scene {
        chain,
        contracts,
        session,
        participants,
    }
}

async fn exchange(max_rounds: u32) -> (Instance, Scene) {
    let instance = quick();
    let roster = exchange_roster(&instance).unwrap();
    let private = has_private_costs(&instance);
    let buses: Vec<usize> = roster.participants.iter().map(|p| p.buses[0]).collect();
    let config = config(&instance, SessionMode::Exchange, max_rounds);
    let scene = open(&instance, &roster, config, |index| {
        Box::new(Prosumer::new(&instance, buses[index], private).unwrap())
    })
    .await;
    (instance, scene)
}

impl Scene {
    fn observer(&self) -> Observer<'_, EmbeddedChain> {
        Observer::new(&self.chain, &self.contracts.coordinator, self.session)
    }

    /// Rounds of all participants to the end.
    async fn play(&mut self) {
        while !self.observer().has_ended().await.unwrap() {
            self.round(None).await;
        }
    }

    /// One round of all participants but `silent`.
    async fn round(&mut self, silent: Option<u32>) {
        let coordinator = &self.contracts.coordinator;
        for participant in &mut self.participants {
            if silent == Some(participant.index) {
                continue;
            }
            let task = participant.fetch(&self.chain, coordinator).await.unwrap();
            if let Some(task) = task {
                let msg = participant.prepare(&task).unwrap();
                participant
                    .submit(&self.chain, coordinator, &msg)
                    .await
                    .unwrap();
            }
        }
        self.chain.advance_block(1).await.unwrap();
    }
}

#[tokio::test]
async fn an_exchange_session_reaches_a_true_certificate() {
    let (instance, mut scene) = exchange(12).await;
    scene.play().await;
    let observer = scene.observer();
    let status = observer.status().await.unwrap();
    assert_eq!((status.phase, status.rejected), (Phase::Converged, 0));
    let certificate = observer.certificate().await.unwrap();
    let optimum = solve_central(&instance).unwrap().cost;
    let bound = to_f64(certificate.bound.unwrap());
    assert!(bound <= optimum * (1.0 + 1e-6), "{bound} against {optimum}");
    assert!(to_f64(certificate.cost) >= optimum * (1.0 - 1e-5));
    assert!(to_f64(certificate.gap.unwrap()) <= 1e-3);
    assert_eq!(observer.prices().await.unwrap().len(), 7);
    let answers = observer.answers(0).await.unwrap();
    let weights = unpack_numbers("weights", &answers.weights).unwrap();
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_keeper_closes_the_rounds_of_a_silent_participant() {
    let (_, mut scene) = exchange(4).await;
    let coordinator = scene.contracts.coordinator.clone();
    let signer = scene.chain.signer("anyone").await.unwrap();
    let keeper = Keeper::new(signer, coordinator, scene.session);
    while scene.observer().status().await.unwrap().phase == Phase::Collecting {
        let replaced = scene.observer().status().await.unwrap().replaced;
        scene.round(Some(1)).await;
        // Once replaced, the silent one is no longer waited for.
        if replaced == 0 {
            assert!(
                !keeper.turn(&scene.chain).await.unwrap(),
                "before the deadline"
            );
            scene.chain.advance_block(60).await.unwrap();
            assert!(keeper.turn(&scene.chain).await.unwrap());
        }
    }
    let status = scene.observer().status().await.unwrap();
    assert_eq!(status.replaced, 1);
    assert!(status.missed >= 2);
    assert!(!keeper.turn(&scene.chain).await.unwrap(), "after the end");
}

#[tokio::test]
async fn nodal_areas_agree_on_what_they_share() {
    let instance = quick();
    let decomposition = nodal(&instance);
    let roster = consensus_roster(&instance, &decomposition).unwrap();
    let config = config(&instance, SessionMode::Nodal, 30);
    let mut scene = open(&instance, &roster, config, |index| {
        Box::new(Area::new(&instance, &decomposition, index).unwrap())
    })
    .await;
    scene.play().await;
    let history = scene.observer().history_after(0).await.unwrap();
    let primal = |round: usize| to_f64(history[round].primal);
    assert_eq!(history.len(), 30);
    assert!(primal(29) < 0.3 * primal(2), "{} {}", primal(2), primal(29));
    let rows = scene.observer().schedule().await.unwrap();
    assert_eq!(rows.len(), instance.network.buses.len());
    let first = scene.observer().history_after(28).await.unwrap();
    assert_eq!(first.len(), 2);
}

#[tokio::test]
async fn a_liar_is_rejected_and_replaced() {
    let instance = quick();
    let roster = exchange_roster(&instance).unwrap();
    let private = has_private_costs(&instance);
    let config = config(&instance, SessionMode::Exchange, 6);
    let liar = 2;
    let mut scene = open(&instance, &roster, config, |index| {
        let own = &roster.participants[index];
        let honest = Prosumer::new(&instance, own.buses[0], private).unwrap();
        if index != liar {
            return Box::new(honest);
        }
        let bounds = (own.lower.clone(), own.upper.clone());
        Box::new(Liar::new(Box::new(honest), bounds, 3, index as u32))
    })
    .await;
    scene.play().await;
    let participants = scene.observer().participants().await.unwrap();
    for (index, participant) in participants.iter().enumerate() {
        assert_eq!(participant.replaced, index == liar);
        assert_eq!(participant.rejected > 0, index == liar);
    }
}

#[test]
fn lies_stay_within_the_declared_bounds() {
    let instance = quick();
    let roster = exchange_roster(&instance).unwrap();
    let own = &roster.participants[0];
    let lie = |round| {
        let honest = Prosumer::new(&instance, own.buses[0], false).unwrap();
        let bounds = (own.lower.clone(), own.upper.clone());
        let mut liar = Liar::new(Box::new(honest), bounds, 3, 0);
        let query = (100.0, own.baseline.clone());
        let task = Task {
            round,
            queries: vec![query.clone(), query],
            prices: vec![1.0; instance.horizon],
            pool: None,
        };
        liar.answer(&task).unwrap().payload
    };
    let payload = lie(1);
    assert_eq!(payload.len(), 2 * instance.horizon);
    for (at, value) in payload.iter().enumerate() {
        let t = at % instance.horizon;
        assert!(own.lower[t] <= *value && *value <= own.upper[t]);
    }
    assert_eq!(payload, lie(1));
    assert_ne!(payload, lie(2));
}

#[test]
fn baselines_lie_within_the_declared_bounds() {
    let instance = quick();
    let decomposition = nodal(&instance);
    for roster in [
        exchange_roster(&instance).unwrap(),
        consensus_roster(&instance, &decomposition).unwrap(),
    ] {
        for enrolment in roster.participants {
            assert_eq!(enrolment.baseline.len(), enrolment.lower.len());
            assert_eq!(enrolment.baseline.len(), enrolment.upper.len());
            for (at, value) in enrolment.baseline.iter().enumerate() {
                let inside = enrolment.lower[at] <= *value && *value <= enrolment.upper[at];
                assert!(inside, "{} at {at}", enrolment.name);
            }
        }
    }
}

#[test]
fn marginal_prices_at_the_optimum_are_the_central_duals() {
    let instance = quick();
    let central = solve_central(&instance).unwrap();
    let prices = marginal_prices(&instance, &central.injections).unwrap();
    for (row, duals) in prices.iter().zip(&central.dlmp) {
        for (price, dual) in row.dlmp().iter().zip(duals) {
            assert!((price / dual - 1.0).abs() < 5e-3, "{price} against {dual}");
        }
    }
}
