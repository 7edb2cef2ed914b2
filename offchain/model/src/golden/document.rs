//! The JSON document of a golden file and its conversion.

use serde::Deserialize;

use super::{Expected, Golden};
use crate::check::{all_at_least, all_finite, at_least, ensure, length};
use crate::{
    Battery, BranchSpec, Deferrable, Flaw, Generator, Instance, Network, NetworkBase, NetworkError,
    Shapable, Site,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    name: String,
    base_mva: f64,
    base_kv: f64,
    horizon: usize,
    vmin_pu: f64,
    vmax_pu: f64,
    branches: Vec<BranchRow>,
    generator: GeneratorRow,
    buses: Vec<BusRow>,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BranchRow {
    bus: u32,
    parent: u32,
    r: f64,
    x: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GeneratorRow {
    bus: u32,
    alpha: f64,
    beta: Vec<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BusRow {
    bus: u32,
    load_p: Vec<f64>,
    load_q: Vec<f64>,
    pv: Vec<f64>,
    battery: Option<BatteryRow>,
    shapable: Option<ShapableRow>,
    deferrable: Option<DeferrableRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BatteryRow {
    power: f64,
    energy: f64,
    eta: f64,
    soc_min: f64,
    soc_max: f64,
    soc_start: f64,
    soc_end: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ShapableRow {
    start: usize,
    end: usize,
    energy: f64,
    power_max: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeferrableRow {
    earliest: usize,
    max_delay: usize,
    profile: Vec<f64>,
}

/// Names that this format gives to the fields of [`Battery`].
const BATTERY_NAMES: [(&str, &str); 6] = [
    ("charge_max", "power"),
    ("discharge_max", "power"),
    ("eta_in", "eta"),
    ("eta_out", "eta"),
    ("soc_end_min", "soc_end"),
    ("soc_end_max", "soc_end"),
];

impl Document {
    pub(super) fn network(&self) -> Result<Network, NetworkError> {
        let branches: Vec<_> = self
            .branches
            .iter()
            .map(|b| BranchSpec {
                from: b.parent,
                to: b.bus,
                r: b.r,
                x: b.x,
            })
            .collect();
        let base = NetworkBase {
            base_mva: self.base_mva,
            base_kv: self.base_kv,
            v_min: self.vmin_pu,
            v_max: self.vmax_pu,
        };
        Network::from_branches(base, self.generator.bus, &branches)
    }

    pub(super) fn golden(self, network: Network) -> Result<Golden, Flaw> {
        let horizon = self.horizon;
        ensure(horizon > 0, "horizon", horizon, "at least 1")?;
        at_least("generator.alpha", self.generator.alpha, 0.0)?;
        length("generator.beta", &self.generator.beta, horizon)?;
        all_finite("generator.beta", &self.generator.beta)?;
        let cost = self.expected.central_cost;
        at_least("expected.central_cost", cost, 0.0)?;
        let mut sites = vec![None; network.buses.len()];
        for (i, row) in self.buses.into_iter().enumerate() {
            let key = format!("buses[{i}]");
            let known = network.index_of(row.bus);
            let slot = known
                .and_then(|index| sites.get_mut(index))
                .ok_or_else(|| Flaw::new(format!("{key}.bus"), row.bus, "an end of some branch"))?;
            let bus = row.bus;
            let site = row.site(horizon).map_err(|flaw| flaw.within(&key))?;
            let repeated = slot.replace(site).is_some();
            ensure(!repeated, &format!("{key}.bus"), bus, "each bus once")?;
        }
        let sites = sites.into_iter().zip(&network.buses).map(|(site, bus)| {
            site.ok_or_else(|| {
                Flaw::new("buses", "incomplete", format!("a row for bus {}", bus.id))
            })
        });
        Ok(Golden {
            expected: self.expected,
            instance: Instance {
                name: self.name,
                horizon,
                interval_hours: 1.0,
                sites: sites.collect::<Result<_, _>>()?,
                network,
                generator: Generator {
                    alpha: self.generator.alpha,
                    beta: self.generator.beta,
                },
            },
        })
    }
}

impl BusRow {
    fn site(self, horizon: usize) -> Result<Site, Flaw> {
        for (key, values) in [
            ("load_p", &self.load_p),
            ("load_q", &self.load_q),
            ("pv", &self.pv),
        ] {
            length(key, values, horizon)?;
            all_finite(key, values)?;
        }
        all_at_least("pv", &self.pv, 0.0)?;
        let battery = self.battery.map(BatteryRow::device);
        let shapable = self.shapable.map(ShapableRow::device);
        let deferrable = self.deferrable.map(DeferrableRow::device);
        if let Some(device) = &battery {
            let checked = device.check(horizon as f64);
            checked.map_err(|flaw| flaw.renamed(&BATTERY_NAMES).within("battery"))?;
        }
        if let Some(device) = &shapable {
            let checked = device.check(horizon, 1.0);
            checked.map_err(|flaw| flaw.within("shapable"))?;
        }
        if let Some(device) = &deferrable {
            let checked = device.check(horizon);
            checked.map_err(|flaw| flaw.within("deferrable"))?;
        }
        Ok(Site {
            load_p: self.load_p,
            load_q: self.load_q,
            solar: self.pv,
            batteries: battery.into_iter().collect(),
            shapables: shapable.into_iter().collect(),
            deferrables: deferrable.into_iter().collect(),
            ..Site::default()
        })
    }
}

impl BatteryRow {
    fn device(self) -> Battery {
        Battery {
            charge_max: self.power,
            discharge_max: self.power,
            energy: self.energy,
            eta_in: self.eta,
            eta_out: self.eta,
            soc_min: self.soc_min,
            soc_max: self.soc_max,
            soc_start: self.soc_start,
            soc_end_min: self.soc_end,
            soc_end_max: self.soc_end,
        }
    }
}

impl ShapableRow {
    fn device(self) -> Shapable {
        Shapable {
            start: self.start,
            end: self.end,
            energy: self.energy,
            power_min: 0.0,
            power_max: self.power_max,
        }
    }
}

impl DeferrableRow {
    fn device(self) -> Deferrable {
        Deferrable {
            earliest: self.earliest,
            max_delay: self.max_delay,
            profile: self.profile,
        }
    }
}
