//! What a program needs of an instance before it is built, so that a solver's "infeasible" is
//! news about the network and never about a typing error.

use gridweave_model::{Flaw, Instance, Network, Site};

use crate::error::{OptimError, check_finite, check_len};

/// Checks everything but the devices: horizon, network, generator and the shapes of the sites.
pub(crate) fn check_frame(instance: &Instance) -> Result<(), OptimError> {
    let horizon = instance.horizon;
    positive("horizon", horizon as f64)?;
    positive("interval_hours", instance.interval_hours)?;
    check_network(&instance.network)?;
    check_len("generator.beta", instance.generator.beta.len(), horizon)?;
    check_finite("generator.beta", &instance.generator.beta)?;
    not_negative("generator.alpha", instance.generator.alpha)?;
    check_len("sites", instance.sites.len(), instance.network.buses.len())
}

/// Checks the profiles and devices of bus index `bus`.
pub(crate) fn check_site(instance: &Instance, bus: usize) -> Result<(), OptimError> {
    let site = &instance.sites[bus];
    let id = instance.network.buses[bus].id;
    check_profiles(site, id, instance.horizon)?;
    check_devices(instance, bus)
}

/// Checks that `bus` is an index of a bus.
pub(crate) fn check_bus(instance: &Instance, bus: usize) -> Result<(), OptimError> {
    let count = instance.network.buses.len();
    if bus < count {
        return Ok(());
    }
    Err(OptimError::OutOfRange {
        what: "bus index",
        index: bus,
        count,
    })
}

fn check_profiles(site: &Site, id: u32, horizon: usize) -> Result<(), OptimError> {
    let profiles = [
        ("load_p", &site.load_p),
        ("load_q", &site.load_q),
        ("solar", &site.solar),
    ];
    for (name, values) in profiles {
        let what = format!("bus {id}: {name}");
        check_len(what.as_str(), values.len(), horizon)?;
        check_finite(&what, values)?;
    }
    Ok(())
}

/// Devices at a bus do not constrain each other, so this decides whether the whole device problem
/// is feasible.
fn check_devices(instance: &Instance, bus: usize) -> Result<(), OptimError> {
    let (horizon, hours) = (instance.horizon, instance.interval_hours);
    let site = &instance.sites[bus];
    let named = |kind: &str, index: usize, result: Result<(), Flaw>| {
        result.map_err(|flaw| OptimError::BadDevice {
            bus: instance.network.buses[bus].id,
            device: format!("{kind} {index}"),
            flaw,
        })
    };
    for (index, battery) in site.batteries.iter().enumerate() {
        named("battery", index, battery.check(horizon as f64 * hours))?;
    }
    for (index, load) in site.shapables.iter().enumerate() {
        named("shapable", index, load.check(horizon, hours))?;
    }
    for (index, load) in site.deferrables.iter().enumerate() {
        named("deferrable", index, load.check(horizon))?;
    }
    for (index, generator) in site.generators.iter().enumerate() {
        named("generator", index, generator.check(horizon))?;
    }
    site.user_cost
        .check()
        .map_err(|flaw| OptimError::BadDevice {
            bus: instance.network.buses[bus].id,
            device: "user_cost".into(),
            flaw,
        })
}

fn check_network(network: &Network) -> Result<(), OptimError> {
    positive("network.v_min", network.v_min)?;
    positive(
        "network.v_max − network.v_min",
        network.v_max - network.v_min,
    )?;
    positive("number of buses", network.buses.len() as f64)?;
    for (index, bus) in network.buses.iter().enumerate() {
        let bad_tree = |reason| {
            Err(OptimError::BadTree {
                bus: bus.id,
                reason,
            })
        };
        match bus.parent {
            None if index > 0 => return bad_tree("only the first bus may lack a parent"),
            Some(_) if index == 0 => return bad_tree("the first bus must be the root"),
            Some(parent) if parent >= index => {
                return bad_tree("its parent must stand before it");
            }
            _ => {}
        }
        not_negative(&format!("bus {}: r", bus.id), bus.r)?;
        check_finite(&format!("bus {}: x", bus.id), &[bus.x])?;
    }
    Ok(())
}

fn positive(what: &str, value: f64) -> Result<(), OptimError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(OptimError::BadValue {
        what: what.into(),
        value,
        expected: "a positive number".into(),
    })
}

/// A finite number of 0 or more.
pub(crate) fn not_negative(what: &str, value: f64) -> Result<(), OptimError> {
    if value.is_finite() && value >= 0.0 {
        return Ok(());
    }
    Err(OptimError::BadValue {
        what: what.into(),
        value,
        expected: "0 or more".into(),
    })
}
