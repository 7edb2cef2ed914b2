//! What homes declare when they enrol in a pool.

use gridweave_model::prosumers::Community;
use gridweave_optim::prosumers::mobility;

use crate::enrol::{Enrolment, Roster};
use crate::fixed::to_f64;

/// Slack on declared bounds (kW): honest answers meet theirs only to solver tolerance.
const BOUND_SLACK: f64 = 1e-4;

/// The homes of `community`, home `i` at bus `i + 1`, which is that of [`Community::wires`]. `alone`
/// is what each costs without (further) trade, `agreed` what it has agreed to sell before (kW); none
/// when it is empty.
pub fn pool_roster(community: &Community, alone: &[f64], agreed: &[Vec<f64>]) -> Roster {
    let homes = community.homes.iter().zip(alone).enumerate();
    let none = vec![0.0; community.horizon];
    Roster {
        participants: homes
            .map(|(at, (home, &cost))| {
                let agreed = agreed.get(at).unwrap_or(&none);
                let most = home.trade_max_kw + BOUND_SLACK;
                Enrolment {
                    name: name(home.home),
                    bus: at as u32 + 1,
                    buses: vec![at + 1],
                    lower: agreed.iter().map(|sold| -most - sold).collect(),
                    upper: agreed.iter().map(|sold| most - sold).collect(),
                    baseline: Vec::new(),
                    baseline_cost: cost,
                    reactive: Vec::new(),
                    reports: 0,
                    mobility: Some(to_f64(mobility(home))),
                }
            })
            .collect(),
        groups: Vec::new(),
    }
}

/// Name of the signer of home number `home`.
pub(super) fn name(home: u32) -> String {
    format!("home-{home}")
}
