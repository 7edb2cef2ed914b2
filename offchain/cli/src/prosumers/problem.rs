//! What is to be run: a community with a name and a seed.

use anyhow::Result;
use gridweave_agents::terms::BillingChoice;
use gridweave_model::BillingOptions;
use gridweave_model::prosumers::{Community, CommunityExpected};
use gridweave_optim::prosumers::baseline;
use rayon::prelude::*;

/// Most money of an account and of the grid account; a home's trade of a few weeks costs far less
/// (currency).
const DEPOSIT: f64 = 1_000.0;

/// A feeder that homes are put on.
#[derive(Debug, Clone, PartialEq)]
pub struct Feeder {
    /// The scenario whose feeder it is.
    pub network: String,
    /// kVA of one per unit of its impedances; without it the feeder is as strong for the homes as it is
    /// for its own loads.
    pub kva: Option<f64>,
    /// Where it is named: an option, or file and key.
    pub named_by: String,
}

/// A community to run.
#[derive(Clone)]
pub struct Problem {
    /// Name shown in results.
    pub name: String,
    /// What it is about; may be empty.
    pub description: String,
    /// Seed of devices, forecasts and meters.
    pub seed: u64,
    /// The community.
    pub community: Community,
    /// The feeder that the homes are on; their trade knows none without it.
    pub feeder: Option<Feeder>,
    /// What a file says must come out.
    pub expected: Option<CommunityExpected>,
}

impl Problem {
    /// Fixes the baselines of demand response that are not given, before anything is traded.
    ///
    /// # Errors
    /// A home has no schedule without trade; the message says why.
    pub fn fix_baselines(mut self) -> Result<Self> {
        let community = &self.community;
        let baselines: Vec<Option<Vec<f64>>> = (0..community.homes.len())
            .into_par_iter()
            .map(|at| Ok(baseline(community, at)?))
            .collect::<Result<_>>()?;
        for (home, found) in self.community.homes.iter_mut().zip(baselines) {
            home.dr_baseline_kw = found.or(home.dr_baseline_kw.take());
        }
        Ok(self)
    }

    /// The same homes, which nobody asks for demand response.
    #[must_use]
    pub fn without_requests(&self) -> Self {
        let mut quiet = self.clone();
        quiet.community.tariff.dr_rate = vec![0.0; quiet.community.horizon];
        quiet
    }

    /// Terms of the bills, which are for trade between homes alone: purchases from the grid and
    /// feed-in are their suppliers' business.
    pub fn bills(&self) -> BillingChoice {
        BillingChoice {
            options: BillingOptions {
                deposit: DEPOSIT,
                collateral: DEPOSIT / 10.0,
                ..BillingOptions::default()
            },
            horizon: self.community.horizon,
            interval_hours: self.community.interval_hours,
        }
    }
}
