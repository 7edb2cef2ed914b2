//! Bilateral trade Y(14) to Y(17) through the contract, on homes of a golden day.

use std::path::Path;

use cosmwasm_std::{Binary, Uint64};
use gridweave_model::prosumers::{Community, CommunityFile};
use gridweave_optim::prosumers::HomeProblem;
use gridweave_rules::settlement::{energy_of, price_of};
use gridweave_testkit::coordinator::{Coordinator, consensus_config, filled, numbers};
use gridweave_testkit::floats::{floats, to_fx};
use gridweave_types::coordinator::{
    ConsensusConfig, DualsResponse, ExecuteMsg, GroupInput, Mode, Phase, Projection, QueryMsg,
    SessionConfig, TradesResponse,
};
use gridweave_units::{Fx, pack};

const HOMES: usize = 3;
const ROUNDS: u32 = 6;
const RHO: f64 = 0.5;
/// Wh of a kilowatt over one interval.
const UNIT: u64 = 1_000;

/// The published rounds in memory, duals starting at 0.
struct Published {
    horizon: usize,
    duals: Vec<Vec<f64>>,
    copies: Vec<Vec<f64>>,
}

impl Published {
    fn new(horizon: usize) -> Self {
        let zeros = vec![vec![0.0; (HOMES - 1) * horizon]; HOMES];
        Self {
            horizon,
            duals: zeros.clone(),
            copies: zeros,
        }
    }

    /// Y(16) and Y(17) after the homes have sold `sold`.
    fn step(&mut self, sold: &[Vec<f64>]) {
        for (i, j) in pairs() {
            for t in 0..self.horizon {
                let (a, b) = (
                    place(i, j) * self.horizon + t,
                    place(j, i) * self.horizon + t,
                );
                let (p, q) = (sold[i][a], sold[j][b]);
                let duals = self.duals[i][a] - self.duals[j][b];
                let copy = (RHO * (p - q) - duals) / (2.0 * RHO);
                (self.copies[i][a], self.copies[j][b]) = (copy, -copy);
                self.duals[i][a] += RHO * (copy - p);
                self.duals[j][b] += RHO * (-copy - q);
            }
        }
    }
}

/// Every pair once.
fn pairs() -> impl Iterator<Item = (usize, usize)> {
    (0..HOMES).flat_map(|i| (i + 1..HOMES).map(move |j| (i, j)))
}

/// Which of its partners `j` is to `i`.
fn place(i: usize, j: usize) -> usize {
    if j < i { j } else { j - 1 }
}

fn community() -> Community {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/prosumers");
    let file = CommunityFile::load(&folder.join("p10-24-10.json")).unwrap();
    let mut community = file.community;
    community.homes.truncate(HOMES);
    community
}

fn config(horizon: usize) -> SessionConfig {
    SessionConfig {
        horizon: horizon as u32,
        energy_unit: Uint64::new(UNIT),
        mode: Mode::Consensus(ConsensusConfig {
            rho: to_fx(RHO),
            relaxation: Fx::ONE,
            anderson_memory: 0,
        }),
        max_rounds: ROUNDS,
        ..consensus_config()
    }
}

/// A session in which every home trades with every other, partners in order of their index.
fn open(community: &Community) -> (Coordinator, u64) {
    let mut chain = Coordinator::new(HOMES as u32);
    let numbers = (HOMES - 1) * community.horizon;
    let participants = (0..HOMES).map(|number| {
        let limit = to_fx(community.homes[number].trade_max_kw + 1e-6);
        let bound = |limit: Fx| -> Binary { pack(&vec![limit; numbers]).into() };
        let mut input = chain.sharing(number, numbers);
        (input.lower, input.upper) = (bound(-limit), bound(limit));
        input.baseline = filled(numbers, 0);
        input
    });
    let participants = participants.collect();
    let groups = pairs().map(|(i, j)| GroupInput {
        size: community.horizon as u32,
        projection: Projection::Opposite,
        members: vec![i as u32, j as u32],
    });
    let groups = groups.collect();
    let session = chain.open(config(community.horizon), participants, groups);
    (chain, session)
}

fn trades(chain: &Coordinator, session: u64, participant: usize) -> DualsResponse {
    let question = QueryMsg::Duals {
        session,
        participant: participant as u32,
    };
    chain.ask(&question).expect("a consensus session")
}

fn cleared(chain: &Coordinator, session: u64, participant: usize) -> Option<TradesResponse> {
    let question = QueryMsg::Trades {
        session,
        participant: participant as u32,
    };
    chain.ask(&question).ok()
}

#[test]
fn pairs_trade_as_published_and_clear_exactly() {
    let community = community();
    let horizon = community.horizon;
    let (mut chain, session) = open(&community);
    let mut published = Published::new(horizon);
    let mut homes: Vec<HomeProblem> = (0..HOMES)
        .map(|at| HomeProblem::new(&community, at, HOMES - 1).unwrap())
        .collect();
    for round in 1..=ROUNDS {
        assert_eq!(cleared(&chain, session, 0), None, "it has not ended");
        let mut sold = Vec::new();
        for (number, home) in homes.iter_mut().enumerate() {
            let centre = floats(&chain.assignment(session, number).centres);
            let answer = home
                .respond(&vec![0.0; centre.len()], &centre, RHO)
                .unwrap();
            let sent: Vec<Fx> = answer.trade.iter().map(|&x| to_fx(x)).collect();
            chain.submit(session, number, round, &sent, &[]).unwrap();
            sold.push(answer.trade);
        }
        published.step(&sold);
    }
    assert_eq!(chain.session(session).phase, Phase::Exhausted);
    let mut traded = 0;
    let mut net = vec![0i64; horizon];
    for (i, j) in pairs() {
        let (own, other) = (trades(&chain, session, i), trades(&chain, session, j));
        let agreed = [i, j].map(|home| cleared(&chain, session, home).unwrap());
        let [prices, same] = agreed.each_ref().map(|trades| numbers(&trades.prices));
        assert_eq!(numbers(&agreed[0].sales), numbers(&own.copies));
        for t in 0..horizon {
            let (a, b) = (place(i, j) * horizon + t, place(j, i) * horizon + t);
            let (p, q) = (numbers(&own.copies)[a], numbers(&other.copies)[b]);
            assert_eq!(p, -q, "pair {i} {j}, interval {t}");
            let (energy, opposite) = (energy_of(p, UNIT).unwrap(), energy_of(q, UNIT).unwrap());
            assert_eq!(energy.0, -opposite.0);
            // One price for both sides, so payments cancel as well.
            let (price, again) = (numbers(&own.duals)[a], numbers(&other.duals)[b]);
            assert!(
                (price - again).abs() <= Fx::from_bits(64),
                "{price} and {again}"
            );
            assert!(price_of(-price, UNIT).is_some());
            assert_eq!(prices[a], same[b]);
            // The price is that of the lower of the two.
            assert_eq!(prices[a], -price);
            traded += energy.0.abs();
            net[t] += energy.0 + opposite.0;
        }
    }
    assert!(traded > 1_000 && net.iter().all(|&left| left == 0));
    compare(&chain, session, &published);
    let clear = ExecuteMsg::Close { session, limit: 10 };
    chain.operate(&clear).expect("it has ended");
    assert_eq!(cleared(&chain, session, 0), None, "it is cleared");
}

/// The contract's numbers against those in memory, whose local problems had the same centres.
fn compare(chain: &Coordinator, session: u64, published: &Published) {
    for number in 0..HOMES {
        let found = trades(chain, session, number);
        let (copies, duals) = (floats(&found.copies), floats(&found.duals));
        let pairs = copies.iter().zip(&published.copies[number]);
        let off = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        assert!(
            off < 1e-6,
            "cleared trades of home {number} differ by {off}"
        );
        // Trade price λ = −ξ.
        let pairs = duals.iter().zip(&published.duals[number]);
        let off = pairs.map(|(xi, l)| (xi + l).abs()).fold(0.0, f64::max);
        assert!(off < 1e-6, "prices of home {number} differ by {off}");
    }
}
