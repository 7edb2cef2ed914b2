//! Devices that a scenario lists bus by bus, converted from kW and kWh to per unit.

use super::clock::Clock;
use super::document::{
    BatteryRow, BusTable, DeferrableRow, GeneratorRow, ShapableRow, UserCostTable,
};
use super::error::ScenarioError;
use super::source::Source;
use crate::check::all_at_least;
use crate::{Battery, Deferrable, Flaw, LocalGenerator, Shapable, Site, UserCost};

/// Names that this format gives to the fields of devices.
const NAMES: [(&str, &str); 6] = [
    ("charge_max", "charge_max_kw"),
    ("discharge_max", "discharge_max_kw"),
    ("energy", "energy_kwh"),
    ("power_min", "power_min_kw"),
    ("power_max", "power_max_kw"),
    ("profile", "profile_kw"),
];

/// What conversions need.
pub(super) struct Context<'a> {
    pub clock: Clock,
    pub source: &'a Source,
    pub base_mva: f64,
    pub power_factor: f64,
}

impl Context<'_> {
    /// Per unit of a kilowatt (or of a kilowatt-hour).
    fn kilo(&self) -> f64 {
        1e-3 / self.base_mva
    }

    /// Costs per MW²·h and MWh to costs per pu² and pu, per interval.
    pub fn cost(&self, alpha: f64, beta: &mut [f64]) -> f64 {
        let hours = self.clock.interval_hours();
        beta.iter_mut().for_each(|b| *b *= self.base_mva * hours);
        alpha * self.base_mva * self.base_mva * hours
    }

    /// Costs per MWh, and per MW² and hour, to costs per pu, and per pu², and interval.
    pub fn user_cost(&self, table: UserCostTable) -> UserCost {
        let mut wear = [table.battery_wear];
        let discomfort = self.cost(table.shapable_discomfort, &mut wear);
        UserCost {
            battery_wear: wear[0],
            shapable_discomfort: discomfort,
        }
    }

    fn refuse(&self, key: &str, flaw: Flaw) -> ScenarioError {
        let flaw = flaw.renamed(&NAMES).within(key);
        self.source.value_error(flaw)
    }
}

/// Adds what `table`, at `key`, lists to `site`; a listed load or solar series replaces it.
pub(super) fn apply(
    table: &BusTable,
    key: &str,
    context: &Context,
    site: &mut Site,
) -> Result<(), ScenarioError> {
    apply_series(table, key, context, site)?;
    for (i, row) in table.battery.iter().enumerate() {
        let key = format!("{key}.battery[{i}]");
        site.batteries.push(battery(row, &key, context)?);
    }
    for (i, row) in table.shapable.iter().enumerate() {
        let key = format!("{key}.shapable[{i}]");
        site.shapables.push(shapable(row, &key, context)?);
    }
    for (i, row) in table.deferrable.iter().enumerate() {
        let key = format!("{key}.deferrable[{i}]");
        site.deferrables.push(deferrable(row, &key, context)?);
    }
    for (i, row) in table.generator.iter().enumerate() {
        let key = format!("{key}.generator[{i}]");
        site.generators.push(generator(row, &key, context)?);
    }
    Ok(())
}

fn apply_series(
    table: &BusTable,
    key: &str,
    context: &Context,
    site: &mut Site,
) -> Result<(), ScenarioError> {
    let values = |field: &str, series: &super::series::Series| {
        let key = format!("{key}.{field}");
        let mut values = series.values(&key, context.clock, context.source)?;
        values.iter_mut().for_each(|value| *value *= context.kilo());
        Ok(values)
    };
    if let Some(series) = &table.load_kw {
        site.load_p = values("load_kw", series)?;
        let pf = context.power_factor;
        let ratio = (1.0 - pf * pf).sqrt() / pf;
        site.load_q = site.load_p.iter().map(|p| p * ratio).collect();
    }
    if let Some(series) = &table.load_kvar {
        site.load_q = values("load_kvar", series)?;
    }
    if let Some(series) = &table.solar_kw {
        let solar = values("solar_kw", series)?;
        let checked = all_at_least("solar_kw", &solar, 0.0);
        checked.map_err(|flaw| context.refuse(key, flaw))?;
        site.solar = solar;
    }
    Ok(())
}

fn battery(row: &BatteryRow, key: &str, context: &Context) -> Result<Battery, ScenarioError> {
    let device = Battery {
        charge_max: row.charge_max_kw,
        discharge_max: row.discharge_max_kw,
        energy: row.energy_kwh,
        eta_in: row.eta_in,
        eta_out: row.eta_out,
        soc_min: row.soc_min,
        soc_max: row.soc_max,
        soc_start: row.soc_start,
        soc_end_min: row.soc_end_min,
        soc_end_max: row.soc_end_max,
    };
    let hours = context.clock.horizon as f64 * context.clock.interval_hours();
    device
        .check(hours)
        .map_err(|flaw| context.refuse(key, flaw))?;
    Ok(scaled_battery(device, context.kilo()))
}

/// The battery with powers and energy times `factor`.
pub(super) fn scaled_battery(battery: Battery, factor: f64) -> Battery {
    Battery {
        charge_max: battery.charge_max * factor,
        discharge_max: battery.discharge_max * factor,
        energy: battery.energy * factor,
        ..battery
    }
}

fn shapable(row: &ShapableRow, key: &str, context: &Context) -> Result<Shapable, ScenarioError> {
    let device = Shapable {
        start: row.start,
        end: row.end,
        energy: row.energy_kwh,
        power_min: row.power_min_kw,
        power_max: row.power_max_kw,
    };
    let checked = device.check(context.clock.horizon, context.clock.interval_hours());
    checked.map_err(|flaw| context.refuse(key, flaw))?;
    Ok(scaled_shapable(device, context.kilo()))
}

/// The load with powers and energy times `factor`.
pub(super) fn scaled_shapable(load: Shapable, factor: f64) -> Shapable {
    Shapable {
        energy: load.energy * factor,
        power_min: load.power_min * factor,
        power_max: load.power_max * factor,
        ..load
    }
}

fn deferrable(
    row: &DeferrableRow,
    key: &str,
    context: &Context,
) -> Result<Deferrable, ScenarioError> {
    let device = Deferrable {
        earliest: row.earliest,
        max_delay: row.max_delay,
        profile: row.profile_kw.clone(),
    };
    let checked = device.check(context.clock.horizon);
    checked.map_err(|flaw| context.refuse(key, flaw))?;
    Ok(scaled_deferrable(device, context.kilo()))
}

/// The load with its profile times `factor`.
pub(super) fn scaled_deferrable(mut load: Deferrable, factor: f64) -> Deferrable {
    load.profile.iter_mut().for_each(|power| *power *= factor);
    load
}

fn generator(
    row: &GeneratorRow,
    key: &str,
    context: &Context,
) -> Result<LocalGenerator, ScenarioError> {
    let beta_key = format!("{key}.beta");
    let beta = row.beta.values(&beta_key, context.clock, context.source)?;
    let mut device = LocalGenerator {
        alpha: row.alpha,
        beta,
        power_min: row.power_min_kw,
        power_max: row.power_max_kw,
    };
    let checked = device.check(context.clock.horizon);
    checked.map_err(|flaw| context.refuse(key, flaw))?;
    device.alpha = context.cost(row.alpha, &mut device.beta);
    device.power_min *= context.kilo();
    device.power_max *= context.kilo();
    Ok(device)
}
