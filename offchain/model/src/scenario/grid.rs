//! The network of a scenario and the peak load of each bus.

use std::collections::BTreeMap;

use super::document::{Document, GridTable, Impedance};
use super::error::ScenarioError;
use super::shipped::{FEEDERS, Feeder};
use super::source::Source;
use crate::check::{above, ensure, within};
use crate::matpower;
use crate::profile::Table;
use crate::{BranchSpec, Flaw, Network, NetworkBase};

/// Default voltage limits (per unit).
const VOLTAGE_LIMITS: (f64, f64) = (0.95, 1.05);

/// A network with the peak load `(P, Q)` in MW and Mvar of its buses.
pub(super) struct Grid {
    pub network: Network,
    pub peak: BTreeMap<u32, (f64, f64)>,
}

/// Branches with impedances in ohm, before bases are chosen.
struct Raw {
    /// Key of the branches in errors.
    key: &'static str,
    root: Option<u32>,
    base_kv: Option<f64>,
    limits: (f64, f64),
    branches: Vec<BranchSpec>,
    /// Unit of the impedances in ohm; `None` where they are ohm already.
    unit_mva: Option<f64>,
    peak: BTreeMap<u32, (f64, f64)>,
}

pub(super) fn build(document: &Document, source: &Source) -> Result<Grid, ScenarioError> {
    let refuse = |flaw| source.value_error(flaw);
    let table = &document.grid;
    check_impedance(table).map_err(refuse)?;
    within("load.power_factor", document.load.power_factor, 0.01, 1.0).map_err(refuse)?;
    above("load.scale", document.load.scale, 0.0).map_err(refuse)?;
    let raw = raw(document, source)?;
    let root = document.generator.bus.or(raw.root).ok_or_else(|| {
        refuse(Flaw::new(
            "generator.bus",
            "missing",
            "the number of the root bus",
        ))
    })?;
    let base_kv = table.base_kv.or(raw.base_kv).ok_or_else(|| {
        refuse(Flaw::new(
            "grid.base_kv",
            "missing",
            "the voltage base in kV",
        ))
    })?;
    let base = NetworkBase {
        base_mva: table.base_mva,
        base_kv,
        v_min: table.v_min.unwrap_or(raw.limits.0),
        v_max: table.v_max.unwrap_or(raw.limits.1),
    };
    check_base(&base, raw.unit_mva).map_err(|flaw| refuse(flaw.within("grid")))?;
    // Impedance base kV²/MVA: per unit on the new base = ohm·MVA/kV² = per unit on the old·MVA/MVA.
    let factor = match raw.unit_mva {
        Some(unit_mva) => base.base_mva / unit_mva,
        None => base.base_mva / (base_kv * base_kv),
    };
    let network = scaled_network(base, root, &raw.branches, factor).map_err(|source_error| {
        ScenarioError::Network {
            file: source.file_of(raw.key),
            key: raw.key.to_owned(),
            source: Box::new(source_error),
        }
    })?;
    let peak = match &document.load.peak {
        Some(_) => explicit_peak(document, &network).map_err(refuse)?,
        None => raw.peak,
    };
    let scale = document.load.scale;
    let scaled = peak
        .into_iter()
        .map(|(bus, (p, q))| (bus, (p * scale, q * scale)));
    let peak = scaled.collect();
    Ok(Grid { network, peak })
}

fn raw(document: &Document, source: &Source) -> Result<Raw, ScenarioError> {
    let table = &document.grid;
    match (&table.case, &table.matpower, &table.branch) {
        (Some(name), None, None) => feeder(name, document.load.power_factor, source),
        (None, Some(name), None) => matpower_case(name, source),
        (None, None, Some(rows)) => Ok(Raw {
            key: "grid.branch",
            root: None,
            base_kv: None,
            limits: VOLTAGE_LIMITS,
            branches: rows
                .iter()
                .map(|row| BranchSpec {
                    from: row.from,
                    to: row.to,
                    r: row.r,
                    x: row.x,
                })
                .collect(),
            unit_mva: unit_mva(table),
            peak: BTreeMap::new(),
        }),
        (case, case_file, rows) => {
            let given = [case.is_some(), case_file.is_some(), rows.is_some()];
            let count = given.into_iter().filter(|given| *given).count();
            Err(source.value_error(Flaw::new(
                "grid",
                format!("given by {count} of `case`, `matpower`, `branch`"),
                "exactly one of them",
            )))
        }
    }
}

/// The keys of impedance units belong to explicit branches.
fn check_impedance(table: &GridTable) -> Result<(), Flaw> {
    let beside_branch = table.impedance.is_none() || table.branch.is_some();
    ensure(
        beside_branch,
        "grid.impedance",
        "given without `grid.branch`",
        "a case to bring its own unit",
    )?;
    let beside_pu = table.impedance_base_mva.is_none() || table.impedance == Some(Impedance::Pu);
    ensure(
        beside_pu,
        "grid.impedance_base_mva",
        "given for impedances in ohm",
        "it beside `impedance = \"pu\"` only",
    )
}

fn unit_mva(table: &GridTable) -> Option<f64> {
    match table.impedance {
        None | Some(Impedance::Ohm) => None,
        Some(Impedance::Pu) => Some(table.impedance_base_mva.unwrap_or(table.base_mva)),
    }
}

fn check_base(base: &NetworkBase, unit_mva: Option<f64>) -> Result<(), Flaw> {
    above("base_mva", base.base_mva, 0.0)?;
    above("base_kv", base.base_kv, 0.0)?;
    above("v_min", base.v_min, 0.0)?;
    above("v_max", base.v_max, base.v_min)?;
    above("impedance_base_mva", unit_mva.unwrap_or(1.0), 0.0)
}

fn scaled_network(
    base: NetworkBase,
    root: u32,
    branches: &[BranchSpec],
    factor: f64,
) -> Result<Network, crate::NetworkError> {
    // Checked before scaling, so that errors show the values of the file.
    Network::from_branches(base, root, branches)?;
    let scaled: Vec<_> = branches
        .iter()
        .map(|b| BranchSpec {
            r: b.r * factor,
            x: b.x * factor,
            ..*b
        })
        .collect();
    Network::from_branches(base, root, &scaled)
}

fn feeder(name: &str, power_factor: f64, source: &Source) -> Result<Raw, ScenarioError> {
    let key = "grid.case";
    let Some(feeder) = FEEDERS.iter().find(|feeder| feeder.name == name) else {
        let known = FEEDERS.map(|feeder| feeder.name).join(", ");
        let flaw = Flaw::new(key, format!("\"{name}\""), format!("one of {known}"));
        return Err(source.value_error(flaw));
    };
    read_feeder(feeder, power_factor).map_err(|e| source.profile_error(key, e))
}

fn read_feeder(feeder: &Feeder, power_factor: f64) -> Result<Raw, crate::profile::ProfileError> {
    let table = Table::parse(&format!("{}/branch.csv", feeder.name), feeder.branches)?;
    let (from, to) = (table.column("from")?, table.column("to")?);
    let (r, x) = (table.column("r_ohm")?, table.column("x_ohm")?);
    let branches = (0..table.rows()).map(|i| BranchSpec {
        from: from[i] as u32,
        to: to[i] as u32,
        r: r[i],
        x: x[i],
    });
    let table = Table::parse(&format!("{}/bus.csv", feeder.name), feeder.buses)?;
    let buses = table.column("bus")?.iter().map(|&bus| bus as u32);
    let peaks = table.column("peak_load_MVA")?.iter();
    // What the table lists at the root is the substation's other load, not the feeder's.
    let on_feeder = buses.zip(peaks).filter(|(bus, _)| *bus != feeder.root);
    let reactive = (1.0 - power_factor * power_factor).sqrt();
    Ok(Raw {
        key: "grid.case",
        root: Some(feeder.root),
        base_kv: Some(feeder.base_kv),
        limits: VOLTAGE_LIMITS,
        branches: branches.collect(),
        unit_mva: None,
        peak: on_feeder
            .map(|(bus, mva)| (bus, (mva * power_factor, mva * reactive)))
            .collect(),
    })
}

fn matpower_case(name: &str, source: &Source) -> Result<Raw, ScenarioError> {
    let loaded = matpower::load(&source.directory.join(name));
    let case = loaded.map_err(|e| ScenarioError::Matpower {
        file: source.file_of("grid.matpower"),
        source: Box::new(e),
    })?;
    for warning in &case.warnings {
        tracing::warn!(case = case.name, "{warning}");
    }
    Ok(Raw {
        key: "grid.matpower",
        root: Some(case.root),
        base_kv: Some(case.base.base_kv),
        limits: (case.base.v_min, case.base.v_max),
        branches: case.branches,
        unit_mva: Some(case.base.base_mva),
        peak: case.peak,
    })
}

fn explicit_peak(
    document: &Document,
    network: &Network,
) -> Result<BTreeMap<u32, (f64, f64)>, Flaw> {
    let mut peak = BTreeMap::new();
    for (i, row) in document.load.peak.iter().flatten().enumerate() {
        let key = |field: &str| format!("load.peak[{i}].{field}");
        if network.index_of(row.bus).is_none() {
            return Err(Flaw::new(key("bus"), row.bus, "a bus of the grid"));
        }
        for (field, value) in [("kw", row.kw), ("kvar", row.kvar)] {
            ensure(value.is_finite(), &key(field), value, "a finite number")?;
        }
        if peak
            .insert(row.bus, (row.kw / 1e3, row.kvar / 1e3))
            .is_some()
        {
            return Err(Flaw::new(key("bus"), row.bus, "each bus once"));
        }
    }
    Ok(peak)
}
