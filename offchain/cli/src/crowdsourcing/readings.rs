//! What the meters of a crowd read.

use std::collections::BTreeMap;

use anyhow::Result;
use gridweave_agents::crowdsourcing::{DayPlan, Platform};
use gridweave_agents::meter::Concentrator;
use gridweave_model::crowdsourcing::Reserve;

/// What the meters read in interval `t` of a day, by part: first those of Type 2 in the order of `plan`,
/// then Type 1 and generators (Wh, injection positive). `reserves` are what is left behind the meters of
/// Type 2, and are used.
///
/// # Errors
/// The chain does not answer.
pub async fn readings<P: Platform>(
    plan: &DayPlan,
    platform: &P,
    reserves: &mut [Reserve],
    t: u32,
) -> Result<Vec<i64>> {
    let mut readings = Vec::with_capacity(plan.members.len() + plan.ahead.len());
    for (member, (data, reserve)) in plan.members.iter().zip(reserves).enumerate() {
        let accepted = platform.accepted(member).await?;
        let own = accepted.iter().filter(|(interval, _)| *interval == t);
        let promised = own.map(|(_, energy)| energy).sum();
        readings.push(data.live(reserve, t, promised));
    }
    let mut extra = BTreeMap::new();
    for (generator, data) in plan.generators.iter().enumerate() {
        extra.insert(data.bus, platform.supplied(generator, t).await?);
    }
    for ahead in &plan.ahead {
        let set = ahead.setpoints.get(t as usize).copied().unwrap_or_default();
        readings.push(set + extra.get(&ahead.bus).copied().unwrap_or_default());
    }
    Ok(readings)
}

/// Notes what meters read in an interval, by part; the first meter is that at the root.
pub fn note(meters: &mut Concentrator, interval: u32, readings: Vec<i64>) {
    // What the devices need together enters at the root.
    meters.set(0, interval, -readings.iter().sum::<i64>());
    for (part, reading) in readings.into_iter().enumerate() {
        meters.set(part + 1, interval, reading);
    }
}
