//! The meters of a day, and what they read.

use anyhow::Result;
use gridweave_agents::crowdsourcing::{DayPlan, Platform};
use gridweave_agents::meter::{Concentrator, Domain, Meter, Series, Source};
use gridweave_chain::Chain;
use gridweave_chain::embedded::CHAIN_ID;

use super::day::Day;
use super::stage::Stage;
use crate::run::stage::{ROOT_METER, meter_key};

impl Day<'_> {
    /// Notes what the meters read in the interval at `t`.
    pub(super) async fn read(&mut self, t: u32) -> Result<()> {
        let at = t as usize;
        let mut readings = Vec::with_capacity(self.stage.parts.len());
        for (member, data) in self.plan.members.iter().enumerate() {
            let accepted = self.platform.accepted(member).await?;
            let task = accepted.iter().find(|(interval, _)| *interval == t);
            let reserve = &mut self.reserves[member];
            readings.push(match task {
                Some((_, energy)) => {
                    let delivered = reserve.deliver(at, *energy as f64 / data.wh);
                    (delivered * data.wh).round() as i64
                }
                None => {
                    let charge = data.charge.get(at).copied().unwrap_or_default();
                    let drawn = reserve.charge(charge) + reserve.catch_up(at);
                    -(drawn * data.wh).round() as i64
                }
            });
        }
        let mut supplied = self.platform.supplied(t).await?;
        let mut extra = std::collections::BTreeMap::new();
        for generator in &self.plan.generators {
            let energy = supplied.min(generator.spare.get(at).copied().unwrap_or_default());
            supplied -= energy;
            extra.insert(generator.bus, energy as i64);
        }
        for ahead in &self.plan.ahead {
            let set = ahead.setpoints.get(at).copied().unwrap_or_default();
            readings.push(set + extra.get(&ahead.bus).copied().unwrap_or_default());
        }
        let interval = self.stage.first + t;
        // What the devices need together enters at the root.
        self.meters.set(0, interval, -readings.iter().sum::<i64>());
        for (part, reading) in readings.into_iter().enumerate() {
            self.meters.set(part + 1, interval, reading);
        }
        Ok(())
    }
}

/// The meter at the root, then one of each part.
pub async fn of_stage(stage: &Stage, plan: &DayPlan, horizon: usize) -> Result<Concentrator> {
    debug_assert_eq!(stage.parts.len(), plan.members.len() + plan.ahead.len());
    let meter = |account: &str, name: &str| -> Result<Meter> {
        Ok(Meter {
            account: account.into(),
            key: meter_key(name)?,
            source: Source::Series(Series::prompt(stage.first, vec![0; horizon])),
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
