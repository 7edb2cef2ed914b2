//! The meters of a stage, and what they read.

use anyhow::Result;
use gridweave_agents::meter::{Concentrator, Domain, Meter, Series, Source};
use gridweave_chain::Chain;
use gridweave_chain::embedded::CHAIN_ID;

use super::cranks::Cranks;
use super::day::Day;
use super::month::Month;
use super::readings::{note, readings};
use super::stage::Stage;
use crate::run::stage::{ROOT_METER, meter_key};

impl Month<'_> {
    /// What the meters read in interval `t` of a day, by part (Wh, injection positive).
    pub(super) async fn readings(&mut self, day: &Day<'_>, t: u32) -> Result<Vec<i64>> {
        readings(&day.plan, &day.platform, &mut self.reserves, t).await
    }
}

impl Cranks<'_> {
    /// Notes what meters read in an interval, by part.
    pub(super) fn note(&mut self, interval: u32, readings: Vec<i64>) {
        note(&mut self.meters, interval, readings);
    }
}

/// The meter at the root, then one of each part, for `count` intervals from `first` on.
pub async fn of_stage(stage: &Stage, (first, count): (u32, u32)) -> Result<Concentrator> {
    let readings = vec![0; count as usize];
    let meter = |account: &str, name: &str| -> Result<Meter> {
        Ok(Meter {
            account: account.into(),
            key: meter_key(name)?,
            source: Source::Series(Series::prompt(first, readings.clone())),
        })
    };
    let mut meters = vec![meter(&stage.operator.address, ROOT_METER)?];
    for (part, signer) in stage.parts.iter().zip(&stage.signers) {
        meters.push(meter(&signer.address, &part.name)?);
    }
    let domain = Domain {
        chain_id: CHAIN_ID.into(),
        billing: stage.contracts.billing.clone(),
    };
    let carrier = stage.chain.signer("meters").await?;
    Ok(Concentrator::new(carrier, domain, meters))
}
