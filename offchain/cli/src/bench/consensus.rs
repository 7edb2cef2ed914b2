//! Consensus sessions: `T` numbers of each agent that sum to zero over all, in one group.
//!
//! One group for all is the case in which submissions have most in common, so that gas would grow
//! with the number of agents if anything in the contract did.

use gridweave_types::coordinator::{ConsensusConfig, ExecuteMsg, MAX_MEMBERSHIPS, Mode};
use gridweave_units::Fx;

use super::agents::Crowd;
use super::session::{Plan, group_input};
use super::stage::Case;

/// Name of plain sessions.
pub const POOL: &str = "pool";
/// Name of accelerated sessions.
const ANDERSON: &str = "anderson";

/// A session of the first `agents` of `crowd`.
pub fn pool(crowd: &Crowd, agents: u32, horizon: u32) -> Plan<'_> {
    plan(crowd, POOL, agents, horizon, 0)
}

/// The same, accelerated.
pub fn anderson(crowd: &Crowd, agents: u32, horizon: u32) -> Plan<'_> {
    plan(crowd, ANDERSON, agents, horizon, 10)
}

fn plan<'a>(crowd: &'a Crowd, name: &'a str, agents: u32, horizon: u32, memory: u32) -> Plan<'a> {
    Plan {
        case: Case {
            name,
            agents,
            horizon,
        },
        crowd,
        mode: Mode::Consensus(ConsensusConfig {
            rho: Fx::from_int(100),
            relaxation: Fx::ONE,
            anderson_memory: memory,
        }),
        participant,
        answer,
        claims: Vec::new(),
        weights: None,
    }
}

/// The messages that couple all participants; none but in consensus sessions.
pub fn groups(plan: &Plan<'_>, session: u64) -> Vec<ExecuteMsg> {
    if !matches!(plan.mode, Mode::Consensus(_)) {
        return Vec::new();
    }
    // The first message takes half, so that there is always one that extends.
    let agents: Vec<u32> = (0..plan.case.agents).collect();
    let half = (agents.len() / 2).clamp(2, MAX_MEMBERSHIPS);
    let (first, rest) = agents.split_at(half.min(agents.len()));
    let group = group_input(plan.case.horizon, first.to_vec());
    let mut messages = vec![ExecuteMsg::AddGroups {
        session,
        groups: vec![group],
    }];
    for members in rest.chunks(MAX_MEMBERSHIPS) {
        messages.push(ExecuteMsg::ExtendGroup {
            session,
            group: 0,
            members: members.to_vec(),
        });
    }
    messages
}

/// A device that can do what it does and nothing else, within wider declared bounds.
fn participant(index: u32, horizon: u32) -> [Vec<Fx>; 3] {
    let bound = vec![Fx::ONE; horizon as usize];
    let lower = bound.iter().map(|&value| -value).collect();
    [lower, bound, answer(index, horizon, 0)]
}

fn answer(index: u32, horizon: u32, _round: u32) -> Vec<Fx> {
    let value = |t: u32| Fx::ratio((7 * index + 3 * t) as i32 % 11 - 5, 1_000);
    (0..horizon).map(value).collect()
}
