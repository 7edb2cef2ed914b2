//! Who takes part, and what they tell the contract.

use cosmwasm_std::{Int64, Uint64};
use gridweave_agents::crowdsourcing::{Ahead, DayPlan, Generator, Member};
use gridweave_model::crowdsourcing::Crowd;
use gridweave_model::{Instance, Site};
use gridweave_types::crowdsourcing::{Bound, Device, DeviceKind, Kind, Preferences, Window};

/// Price that no agreement reaches (µ/kWh): Type 1 has left prices to its contract.
const ANY_PRICE: i64 = 10_000_000;

/// A part in the day.
pub struct Part {
    /// Name of its key.
    pub name: String,
    /// Bus number.
    pub bus: u32,
    /// Position of its feeder.
    pub feeder: usize,
    /// How it takes part.
    pub kind: Kind,
    /// Its devices.
    pub devices: Vec<Device>,
    /// What it prefers, with windows that count from the programme's first interval.
    pub preferences: Preferences,
}

impl Part {
    /// Its preferences in a programme that begins with interval `first`.
    pub fn preferences_from(&self, first: u32) -> Preferences {
        let windows = self.preferences.windows.iter().map(|window| Window {
            first: first + window.first,
            last: first + window.last,
        });
        Preferences {
            windows: windows.collect(),
            ..self.preferences.clone()
        }
    }
}

/// Everybody's parts: first those of Type 2 in the order of the plan, then generators and Type 1.
pub fn parts(instance: &Instance, crowd: &Crowd, plan: &DayPlan) -> Vec<Part> {
    let casting = Casting { instance, crowd };
    let members = plan.members.iter().map(|member| casting.type2(member));
    let ahead = plan.ahead.iter().map(|ahead| {
        let mut generators = plan.generators.iter();
        match generators.find(|generator| generator.bus == ahead.bus) {
            Some(generator) => casting.generator(ahead, generator),
            None => casting.type1(ahead),
        }
    });
    members.chain(ahead).collect()
}

struct Casting<'a> {
    instance: &'a Instance,
    crowd: &'a Crowd,
}

impl Casting<'_> {
    fn type2(&self, member: &Member) -> Part {
        let (from, until) = member.available;
        Part {
            name: format!("crowdsourcee-{}", member.bus),
            bus: member.bus,
            feeder: member.feeder,
            kind: Kind::Type2,
            devices: devices(self.instance, member.bus),
            preferences: Preferences {
                windows: vec![Window {
                    first: from,
                    last: until - 1,
                }],
                export: bound(member.limits.0, member.floor),
                import: bound(member.limits.0, member.ceiling),
                energy: Uint64::new(member.limits.1),
                devices: Vec::new(),
            },
        }
    }

    fn type1(&self, ahead: &Ahead) -> Part {
        let most = |sign: i64| {
            let energies = ahead.setpoints.iter().map(|energy| sign * energy);
            energies.max().unwrap_or_default().max(0).unsigned_abs()
        };
        let energy: u64 = ahead
            .setpoints
            .iter()
            .map(|energy| energy.unsigned_abs())
            .sum();
        self.ahead(
            ahead,
            Kind::Type1,
            (most(1), 0),
            (most(-1), ANY_PRICE),
            energy,
        )
    }

    fn generator(&self, ahead: &Ahead, generator: &Generator) -> Part {
        let pairs = ahead.setpoints.iter().zip(&generator.spare);
        let whole = pairs.map(|(set, spare)| set.unsigned_abs() + spare);
        let most = whole.max().unwrap_or_default();
        let energy = most * ahead.setpoints.len() as u64;
        let export = (most, generator.price);
        let import = (0, generator.saving);
        self.ahead(ahead, Kind::Generator, export, import, energy)
    }

    fn ahead(
        &self,
        ahead: &Ahead,
        kind: Kind,
        export: (u64, i64),
        import: (u64, i64),
        energy: u64,
    ) -> Part {
        let what = if kind == Kind::Generator {
            "generator"
        } else {
            "crowdsourcee"
        };
        Part {
            name: format!("{what}-{}", ahead.bus),
            bus: ahead.bus,
            feeder: self.feeder(ahead.bus),
            kind,
            devices: devices(self.instance, ahead.bus),
            preferences: Preferences {
                windows: vec![Window {
                    first: 0,
                    last: ahead.setpoints.len() as u32 - 1,
                }],
                export: bound(export.0, export.1),
                import: bound(import.0, import.1),
                energy: Uint64::new(energy),
                devices: Vec::new(),
            },
        }
    }

    fn feeder(&self, bus: u32) -> usize {
        let index = self.instance.network.index_of(bus).unwrap_or_default();
        let mut feeders = self.crowd.feeders.iter();
        feeders
            .position(|feeder| feeder.buses.contains(&index))
            .unwrap_or_default()
    }
}

/// What is behind bus number `bus`, as its owner states it.
pub fn devices(instance: &Instance, bus: u32) -> Vec<Device> {
    let index = instance.network.index_of(bus);
    let site = index.and_then(|index| instance.sites.get(index));
    site.map_or(Vec::new(), |site| of_site(instance, site))
}

fn of_site(instance: &Instance, site: &Site) -> Vec<Device> {
    let hours = instance.interval_hours;
    let whole = |value: f64| {
        let wh = gridweave_agents::parameters::energy_unit(instance) as f64;
        Uint64::new((value * wh / hours).round() as u64)
    };
    let device = |kind, power: f64, energy: f64| Device {
        kind,
        power: whole(power),
        energy: whole(energy),
        window: None,
    };
    let batteries = site.batteries.iter();
    let batteries = batteries.map(|b| device(DeviceKind::Battery, b.discharge_max, b.energy));
    let loads = site.shapables.iter();
    let loads = loads.map(|load| device(DeviceKind::Shapable, load.power_max, load.energy));
    let generators = site.generators.iter();
    let generators = generators.map(|g| device(DeviceKind::Generator, g.power_max, 0.0));
    batteries.chain(loads).chain(generators).collect()
}

fn bound(energy: u64, price: i64) -> Bound {
    Bound {
        energy: Uint64::new(energy),
        price: Int64::new(price),
    }
}
