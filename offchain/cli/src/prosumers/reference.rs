//! What a session is compared with: every home alone, and all of them in one problem.

use anyhow::{Context, Result};
use gridweave_model::prosumers::Community;
use gridweave_optim::prosumers::{
    CommunityOptimum, HomeAnswer, HomeProblem, Trading, solve_community,
};
use rayon::prelude::*;

use crate::run::progress::Progress;

/// Homes times intervals up to which the problem of all is solved: beyond, it takes minutes.
const LARGEST_CENTRAL: usize = 24_000;

/// Costs without a session.
pub struct Reference {
    /// Cost of each home with neither trade nor feed-in nor demand response (currency).
    pub bare: Vec<f64>,
    /// What each home does without trade.
    pub alone: Vec<HomeAnswer>,
    /// The optimum with trade; `None` for communities that are too large for it.
    pub central: Option<CommunityOptimum>,
}

impl Reference {
    /// The references of `community`.
    ///
    /// # Errors
    /// A home is infeasible alone, which the message explains.
    pub fn of(community: &Community) -> Result<Self> {
        Progress::step("solving every home alone and all together for comparison");
        let bare = alone(&without_services(community))?;
        Ok(Self {
            bare: bare.iter().map(|home| home.cost).collect(),
            alone: alone(community)?,
            central: central(community)?,
        })
    }

    /// Cost of all homes without trade (currency).
    pub fn cost_alone(&self) -> f64 {
        self.alone.iter().map(|home| home.cost).sum()
    }
}

/// Every home's schedule without trade.
///
/// # Errors
/// A home has none; the message says why.
pub fn alone(community: &Community) -> Result<Vec<HomeAnswer>> {
    (0..community.homes.len())
        .into_par_iter()
        .map(|at| Ok(HomeProblem::new(community, at, 1)?.alone()?))
        .collect()
}

/// What every home does when its net sales are `plans` (kW).
///
/// # Errors
/// A home cannot deliver.
pub fn settle(community: &Community, plans: &[Vec<f64>]) -> Result<Vec<HomeAnswer>> {
    let homes = community.homes.par_iter().zip(plans).enumerate();
    homes
        .map(|(at, (home, plan))| {
            let answer = HomeProblem::new(community, at, 1)?.settle(plan);
            answer.with_context(|| format!("home {} cannot deliver its plan", home.home))
        })
        .collect()
}

fn central(community: &Community) -> Result<Option<CommunityOptimum>> {
    if community.homes.len() * community.horizon > LARGEST_CENTRAL {
        return Ok(None);
    }
    match solve_community(community, Trading::Pool) {
        Ok(optimum) => Ok(Some(optimum)),
        Err(error) => {
            tracing::warn!(%error, "no central optimum; gaps are left out");
            Ok(None)
        }
    }
}

/// The same homes without feed-in and demand response.
fn without_services(community: &Community) -> Community {
    let mut bare = community.clone();
    for home in &mut bare.homes {
        home.feed_in = false;
        home.demand_response = false;
    }
    bare
}
