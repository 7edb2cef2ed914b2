//! Trade with each partner on its own, Y(14) to Y(17): a consensus session with a group of two for
//! each pair, whose copies are opposite.

use cosmwasm_std::Uint64;
use gridweave_model::prosumers::Community;
use gridweave_optim::prosumers::HomeProblem;
use gridweave_types::coordinator::{
    ConsensusConfig, GroupInput, MAX_MEMBERSHIPS, MAX_PAYLOAD, Mode, Projection, SessionConfig,
    StopRule,
};
use gridweave_units::Fx;

use super::roster::name;
use super::session::energy_unit;
use crate::enrol::{Enrolment, Roster};
use crate::fixed::to_fx;
use crate::{AgentError, Answer, LocalProblem, Task};

/// Slack on declared bounds (kW).
const BOUND_SLACK: f64 = 1e-4;
/// Homes on one lateral of a feeder.
const LATERAL: usize = 10;
/// Share of the mean trade limit that the whole spread of the tariff moves a home in all its trades.
const REACH: f64 = 0.25;

/// Who may trade with whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Graph {
    /// Everybody with everybody.
    Complete,
    /// Each home with the one before it and the one after it, the last with the first.
    Ring,
    /// Along the branches of a feeder with laterals of ten homes, whose first homes form its trunk.
    Feeder,
}

/// A partner of a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partner {
    /// Position of the partner in the community.
    pub home: usize,
    /// Index of the pair's group.
    pub group: usize,
}

/// The pairs of a graph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partners {
    /// Each pair once, the lower position first.
    pub pairs: Vec<(usize, usize)>,
    /// By home: its partners in the order of their pairs.
    pub of: Vec<Vec<Partner>>,
}

impl Graph {
    /// The pairs among `homes` homes.
    pub fn partners(self, homes: usize) -> Partners {
        let pairs = self.pairs(homes);
        let mut of = vec![Vec::new(); homes];
        for (group, &(i, j)) in pairs.iter().enumerate() {
            of[i].push(Partner { home: j, group });
            of[j].push(Partner { home: i, group });
        }
        Partners { pairs, of }
    }

    fn pairs(self, homes: usize) -> Vec<(usize, usize)> {
        match self {
            Graph::Complete => {
                let pairs = (0..homes).flat_map(|i| (i + 1..homes).map(move |j| (i, j)));
                pairs.collect()
            }
            Graph::Ring => {
                let mut pairs: Vec<_> = (1..homes).map(|j| (j - 1, j)).collect();
                if homes > 2 {
                    pairs.push((0, homes - 1));
                }
                pairs
            }
            Graph::Feeder => {
                let parent = |j: usize| match j % LATERAL {
                    0 => j - LATERAL,
                    _ => j - 1,
                };
                (1..homes).map(|j| (parent(j), j)).collect()
            }
        }
    }
}

impl Partners {
    /// Why a coordinator cannot hold these pairs over `horizon` intervals; `None` if it can.
    pub fn obstacle(&self, horizon: usize) -> Option<String> {
        let most = self.of.iter().map(Vec::len).max().unwrap_or(0);
        let numbers = (most + 1) * horizon;
        let all = 2 * self.pairs.len() * horizon;
        if most <= MAX_MEMBERSHIPS && numbers <= MAX_PAYLOAD as usize {
            return None;
        }
        Some(format!(
            "a home would trade with {most} partners and send {numbers} numbers a round ({} kB), all \
             homes {all} ({:.1} MB); a session takes {MAX_MEMBERSHIPS} partners and {MAX_PAYLOAD} \
             numbers of a home",
            numbers * 8 / 1_000,
            all as f64 * 8e-6,
        ))
    }
}

/// A home that answers with what it sells to each partner, and in all.
pub struct TradingHome {
    problem: HomeProblem,
    horizon: usize,
}

impl TradingHome {
    /// A home whose `problem` has a trade for each partner over `horizon` intervals.
    pub fn new(problem: HomeProblem, horizon: usize) -> Self {
        Self { problem, horizon }
    }
}

impl LocalProblem for TradingHome {
    fn answer(&mut self, task: &Task) -> Result<Answer, AgentError> {
        let mut payload = Vec::new();
        for (rho, centre) in &task.queries {
            let free = vec![0.0; centre.len()];
            let answer = self.problem.respond(&free, centre, *rho)?;
            let net = |t: usize| {
                answer
                    .trade
                    .iter()
                    .skip(t)
                    .step_by(self.horizon)
                    .sum::<f64>()
            };
            let net: Vec<f64> = (0..self.horizon).map(net).collect();
            payload.extend(answer.trade);
            payload.extend(net);
        }
        Ok(Answer {
            payload,
            claims: Vec::new(),
        })
    }
}

/// The homes of `community` with a group for each pair; home `i` is at bus `i + 1` of
/// [`Community::wires`].
pub fn pairwise_roster(community: &Community, partners: &Partners) -> Roster {
    let horizon = community.horizon;
    let homes = community.homes.iter().zip(&partners.of).enumerate();
    let participants = homes.map(|(at, (home, own))| {
        let most = home.trade_max_kw + BOUND_SLACK;
        let (shared, net) = (own.len() * horizon, own.len() as f64 * most);
        let bounds = |sign: f64| {
            let mut values = vec![sign * most; shared];
            values.resize(shared + horizon, sign * net);
            values
        };
        Enrolment {
            name: name(home.home),
            bus: at as u32 + 1,
            buses: vec![at + 1],
            lower: bounds(-1.0),
            upper: bounds(1.0),
            baseline: vec![0.0; shared + horizon],
            baseline_cost: 0.0,
            reactive: Vec::new(),
            reports: 1,
            mobility: None,
        }
    });
    let groups = partners.pairs.iter().map(|&(i, j)| GroupInput {
        size: horizon as u32,
        projection: Projection::Opposite,
        members: vec![i as u32, j as u32],
    });
    Roster {
        participants: participants.collect(),
        groups: groups.collect(),
    }
}

/// The documented weight of Y(14) (currency per kW²): the spread between energy charge and feed-in
/// tariff moves a home by a quarter of its trade limit, over all partners together.
fn weight(community: &Community, partners: &Partners) -> f64 {
    let homes = community.homes.len().max(1) as f64;
    let limit = community.homes.iter().map(|h| h.trade_max_kw).sum::<f64>() / homes;
    let count = 2.0 * partners.pairs.len() as f64 / homes;
    let spread = community.tariff.spread().abs();
    let weight = community.interval_hours * spread * count / (REACH * limit);
    if weight.is_finite() && weight > 1e-6 {
        weight
    } else {
        1.0
    }
}

/// The configuration of a pairwise session on `feeder` of at most `max_rounds` rounds, the first
/// interval of its horizon being number `first_interval`.
///
/// # Errors
/// [`AgentError::NotRepresentable`] for parameters without a fixed-point form.
pub fn pairwise_config(
    community: &Community,
    partners: &Partners,
    feeder: u32,
    first_interval: u64,
    max_rounds: u32,
) -> Result<SessionConfig, AgentError> {
    Ok(SessionConfig {
        feeder,
        horizon: community.horizon as u32,
        first_interval: Uint64::new(first_interval),
        energy_unit: energy_unit(community),
        mode: Mode::Consensus(ConsensusConfig {
            rho: to_fx("rho", weight(community, partners))?,
            relaxation: Fx::ONE,
            anderson_memory: 0,
        }),
        max_rounds,
        round_seconds: 60,
        max_misses: 5,
        max_rejections: 2,
        stop: StopRule {
            primal: Fx::ratio(1, 1_000),
            dual: Fx::ratio(1, 1_000),
            gap: None,
            min_rounds: 2,
        },
        monotonicity_tolerance: None,
        bond: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphs_have_the_pairs_they_should() {
        for (graph, homes, pairs) in [
            (Graph::Complete, 10, 45),
            (Graph::Ring, 10, 10),
            (Graph::Ring, 2, 1),
            (Graph::Feeder, 25, 24),
            (Graph::Complete, 1, 0),
        ] {
            let partners = graph.partners(homes);
            assert_eq!(partners.pairs.len(), pairs, "{graph:?}");
            for (at, own) in partners.of.iter().enumerate() {
                for partner in own {
                    let (i, j) = partners.pairs[partner.group];
                    assert!((i, j) == (at, partner.home) || (j, i) == (at, partner.home));
                }
            }
        }
        // The heads of the laterals are connected.
        let feeder = Graph::Feeder.partners(25);
        assert!(feeder.pairs.contains(&(0, 10)) && feeder.pairs.contains(&(10, 20)));
    }

    #[test]
    fn what_a_session_cannot_hold_is_refused_with_its_size() {
        assert_eq!(Graph::Complete.partners(10).obstacle(168), None);
        assert_eq!(Graph::Complete.partners(100).obstacle(24), None);
        assert_eq!(Graph::Ring.partners(1_000).obstacle(24), None);
        let reason = Graph::Complete.partners(1_000).obstacle(24).unwrap();
        assert!(
            reason.starts_with(
                "a home would trade with 999 partners and send 24000 numbers a round (192 kB), all \
                 homes 23976000 (191.8 MB)"
            ),
            "{reason}"
        );
    }
}
