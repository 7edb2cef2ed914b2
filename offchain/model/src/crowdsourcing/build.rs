//! From the table `[crowdsourcing]` to a [`Crowd`].

use super::check::check;
use super::crowd::{Crowd, Crowdsourcee, Feeder, Terms};
use super::days::Variation;
use super::document::CrowdsourcingTable;
use super::draw::Dice;
use super::reserve::Reserve;
use crate::check::{all_at_least, all_finite, ensure};
use crate::scenario::ScenarioError;
use crate::scenario::clock::{Clock, DAY};
use crate::scenario::source::Source;
use crate::{Flaw, Instance};

/// Most feeders of a crowd, as in the `crowdsourcing` contract.
const MOST_FEEDERS: usize = 64;

/// The crowd that `table` describes on the network of `instance`.
pub(crate) fn build(
    table: &CrowdsourcingTable,
    seed: u64,
    clock: Clock,
    instance: &Instance,
    source: &Source,
) -> Result<Crowd, ScenarioError> {
    let refuse = |flaw: Flaw| source.value_error(flaw.within("crowdsourcing"));
    check(table).map_err(refuse)?;
    ensure(
        clock.hours() <= DAY,
        "horizon",
        clock.horizon,
        "at most one day, since [crowdsourcing] places a crowd in it",
    )
    .map_err(|flaw| source.value_error(flaw))?;
    let latest = table.preferences.available_from[1];
    ensure(
        (latest as usize) < clock.hours(),
        "preferences.available_from[1]",
        latest,
        "an hour before the horizon ends",
    )
    .map_err(refuse)?;
    let feeder_of = feeders_of(table, instance).map_err(refuse)?;
    let feeders = feeders(table, clock, instance, source, &feeder_of)?;
    let price = instance.network.base_mva * clock.interval_hours();
    let mut dice = Dice::new(table, seed, clock, price);
    let takes_part = |&(_, site): &(usize, &crate::Site)| {
        let solar = site.solar.iter().any(|&power| power > 0.0);
        solar || !site.batteries.is_empty() || !site.shapables.is_empty()
    };
    let sites = instance.sites.iter().enumerate().filter(takes_part);
    let crowdsourcees = sites.map(|(bus, site)| {
        let power = Reserve::new(site, instance.interval_hours).power_max();
        let (kind, preferences) = dice.next(power);
        Crowdsourcee {
            bus,
            feeder: feeder_of[bus],
            kind,
            preferences,
        }
    });
    Ok(Crowd {
        crowdsourcees: crowdsourcees.collect(),
        feeders,
        terms: Terms {
            incentive_cap: price * table.incentive_cap,
            raises: table.raises,
            supplement_price: price * table.supplement_price,
        },
        variation: Variation {
            day: table.variation.day,
            interval: table.variation.interval,
        },
        seed,
    })
}

/// Position of the feeder of every bus: that of the nearest topmost bus on the way to the root.
fn feeders_of(table: &CrowdsourcingTable, instance: &Instance) -> Result<Vec<usize>, Flaw> {
    let (count, buses) = (table.feeder.len(), &instance.network.buses);
    let expected = format!("1 to {MOST_FEEDERS} feeders");
    ensure(
        (1..=MOST_FEEDERS).contains(&count),
        "feeder",
        count,
        expected,
    )?;
    let mut own: Vec<Option<usize>> = vec![None; buses.len()];
    for (position, row) in table.feeder.iter().enumerate() {
        let key = format!("feeder[{position}].root");
        let Some(bus) = instance.network.index_of(row.root) else {
            return Err(Flaw::new(key, row.root, "a bus of the grid"));
        };
        ensure(own[bus].is_none(), &key, row.root, "each bus once")?;
        own[bus] = Some(position);
    }
    let Some(first) = own[0] else {
        let root = buses[0].id;
        let expected = format!("one feeder with the root of the grid, {root}");
        return Err(Flaw::new("feeder", format!("without bus {root}"), expected));
    };
    let mut feeder_of = vec![first; buses.len()];
    for (bus, data) in buses.iter().enumerate().skip(1) {
        // Parents stand before their children.
        let inherited = data.parent.map_or(first, |parent| feeder_of[parent]);
        feeder_of[bus] = own[bus].unwrap_or(inherited);
    }
    Ok(feeder_of)
}

fn feeders(
    table: &CrowdsourcingTable,
    clock: Clock,
    instance: &Instance,
    source: &Source,
    feeder_of: &[usize],
) -> Result<Vec<Feeder>, ScenarioError> {
    let refuse = |flaw: Flaw| source.value_error(flaw);
    let key = "crowdsourcing.shortage";
    let shares = table.shortage.values(key, clock, source)?;
    all_finite(key, &shares).map_err(refuse)?;
    let build = |(position, row): (usize, &super::document::FeederRow)| {
        let key = format!("crowdsourcing.feeder[{position}].budget");

        let buses: Vec<usize> = (0..feeder_of.len())
            .filter(|&bus| feeder_of[bus] == position)
            .collect();
        let load =
            |t: usize| -> f64 { buses.iter().map(|&bus| instance.sites[bus].load_p[t]).sum() };
        let shortage = shares.iter().enumerate().map(|(t, share)| share * load(t));
        let shortage: Vec<f64> = shortage.collect();
        let unit = instance.network.base_mva * instance.interval_hours;
        let budget = match (&row.budget, table.budget_per_mwh) {
            (Some(own), _) => own.values(&key, clock, source)?,
            (None, Some(price)) => shortage.iter().map(|d| price * unit * d.abs()).collect(),
            (None, None) => {
                let expected = "a series, or crowdsourcing.budget_per_mwh";
                return Err(refuse(Flaw::new(&key, "nothing", expected)));
            }
        };
        all_at_least(&key, &budget, 0.0).map_err(refuse)?;
        Ok(Feeder {
            root: buses[0],
            shortage,
            budget,
            buses,
        })
    };
    table.feeder.iter().enumerate().map(build).collect()
}
