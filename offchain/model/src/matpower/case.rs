//! From the matrices of a case file to a [`Case`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::program::{Matrix, Program};
use super::{Case, MatpowerError};
use crate::{BranchSpec, NetworkBase};

/// Columns of the bus matrix.
mod bus {
    pub const NUMBER: usize = 0;
    pub const TYPE: usize = 1;
    pub const PD: usize = 2;
    pub const QD: usize = 3;
    pub const GS: usize = 4;
    pub const BS: usize = 5;
    pub const BASE_KV: usize = 9;
    pub const V_MAX: usize = 11;
    pub const V_MIN: usize = 12;
    pub const COLUMNS: usize = 13;
    /// Value of TYPE: reference.
    pub const REFERENCE: f64 = 3.0;
    /// Value of TYPE: isolated.
    pub const ISOLATED: f64 = 4.0;
}

/// Columns of the branch matrix.
mod branch {
    pub const FROM: usize = 0;
    pub const TO: usize = 1;
    pub const R: usize = 2;
    pub const X: usize = 3;
    pub const B: usize = 4;
    pub const TAP: usize = 8;
    pub const SHIFT: usize = 9;
    pub const STATUS: usize = 10;
    pub const COLUMNS: usize = 11;
}

/// Columns of the generator matrix.
mod generator {
    pub const BUS: usize = 0;
    pub const STATUS: usize = 7;
    pub const COLUMNS: usize = 8;
}

/// Voltage limits where the case leaves no room between its own.
const DEFAULT_LIMITS: (f64, f64) = (0.9, 1.1);

struct Reader<'a> {
    file: &'a str,
    program: &'a Program,
    warnings: Vec<String>,
}

pub(super) fn read(file: &str, program: &Program) -> Result<Case, MatpowerError> {
    let mut reader = Reader {
        file,
        program,
        warnings: Vec::new(),
    };
    let root = reader.root()?;
    let peak = reader.peak()?;
    let branches = reader.branches(&peak)?;
    reader.check_connected(&peak, &branches)?;
    reader.note_generators(root)?;
    let base = reader.base(root)?;
    let stem = Path::new(file).file_stem().unwrap_or_default();
    Ok(Case {
        name: stem.to_string_lossy().into_owned(),
        root,
        base,
        branches,
        peak,
        warnings: reader.warnings,
    })
}

impl Reader<'_> {
    fn matrix(&self, name: &str, columns: usize) -> Result<&Matrix, MatpowerError> {
        let matrix = self.program.matrix(name);
        let matrix = matrix.filter(|m| !m.rows.is_empty()).ok_or_else(|| {
            self.case_error(format!("no rows in mpc.{name}, expected at least one"))
        })?;
        let found = matrix.rows[0].len();
        if found < columns {
            let reason = format!("mpc.{name}: {found} columns, expected at least {columns}");
            return Err(self.row_error(matrix.lines[0], reason));
        }
        Ok(matrix)
    }

    fn case_error(&self, reason: String) -> MatpowerError {
        MatpowerError::Case {
            file: self.file.to_owned(),
            reason,
        }
    }

    fn row_error(&self, line: usize, reason: String) -> MatpowerError {
        MatpowerError::Matrix {
            file: self.file.to_owned(),
            line,
            reason,
        }
    }

    fn bus_number(&self, value: f64, line: usize) -> Result<u32, MatpowerError> {
        if value.fract() == 0.0 && (1.0..=f64::from(u32::MAX)).contains(&value) {
            return Ok(value as u32);
        }
        let reason = format!("bus number {value}, expected a whole number of at least 1");
        Err(self.row_error(line, reason))
    }

    fn root(&self) -> Result<u32, MatpowerError> {
        let buses = self.matrix("bus", bus::COLUMNS)?;
        let rows = buses.rows.iter().zip(&buses.lines);
        let roots = rows
            .filter(|(row, _)| row[bus::TYPE] == bus::REFERENCE)
            .map(|(row, &line)| self.bus_number(row[bus::NUMBER], line))
            .collect::<Result<Vec<_>, _>>()?;
        match roots[..] {
            [root] => Ok(root),
            [] => Err(self.case_error("no bus of type 3, expected one reference bus".to_owned())),
            _ => Err(self.case_error(format!(
                "buses {roots:?} are all of type 3, expected one reference bus"
            ))),
        }
    }

    /// Peak loads; the keys are all buses that are not isolated.
    fn peak(&mut self) -> Result<BTreeMap<u32, (f64, f64)>, MatpowerError> {
        let buses = self.matrix("bus", bus::COLUMNS)?.clone();
        let mut peak = BTreeMap::new();
        for (row, &line) in buses.rows.iter().zip(&buses.lines) {
            let number = self.bus_number(row[bus::NUMBER], line)?;
            if row[bus::TYPE] == bus::ISOLATED {
                self.warnings
                    .push(format!("bus {number} is isolated (type 4): left out"));
                continue;
            }
            let load = (row[bus::PD], row[bus::QD]);
            if !(load.0.is_finite() && load.1.is_finite()) {
                let (p, q) = load;
                let reason =
                    format!("bus {number}: load {p} MW, {q} Mvar, expected finite numbers");
                return Err(self.row_error(line, reason));
            }
            if row[bus::GS] != 0.0 || row[bus::BS] != 0.0 {
                let (g, b) = (row[bus::GS], row[bus::BS]);
                self.warnings
                    .push(format!("bus {number}: shunt {g} MW, {b} Mvar ignored"));
            }
            if peak.insert(number, load).is_some() {
                return Err(self.row_error(line, format!("bus {number} again, expected it once")));
            }
        }
        Ok(peak)
    }

    fn branches(
        &mut self,
        buses: &BTreeMap<u32, (f64, f64)>,
    ) -> Result<Vec<BranchSpec>, MatpowerError> {
        let matrix = self.matrix("branch", branch::COLUMNS)?.clone();
        let mut branches = Vec::new();
        for (row, &line) in matrix.rows.iter().zip(&matrix.lines) {
            if row[branch::STATUS] == 0.0 {
                continue;
            }
            let from = self.bus_number(row[branch::FROM], line)?;
            let to = self.bus_number(row[branch::TO], line)?;
            if let Some(end) = [from, to].into_iter().find(|bus| !buses.contains_key(bus)) {
                let reason = format!("branch {from}-{to}: bus {end} is not in mpc.bus");
                return Err(self.row_error(line, format!("{reason}, expected a bus in service")));
            }
            self.note_branch(row, from, to);
            let (r, x) = (row[branch::R], row[branch::X]);
            branches.push(BranchSpec { from, to, r, x });
        }
        Ok(branches)
    }

    fn note_branch(&mut self, row: &[f64], from: u32, to: u32) {
        let (tap, shift, charging) = (row[branch::TAP], row[branch::SHIFT], row[branch::B]);
        let mut note = |what: String| {
            self.warnings
                .push(format!("branch {from}-{to}: {what} ignored"))
        };
        if tap != 0.0 && tap != 1.0 {
            note(format!("tap ratio {tap}"));
        }
        if shift != 0.0 {
            note(format!("phase shift {shift} degrees"));
        }
        if charging != 0.0 {
            note(format!("line charging {charging} pu"));
        }
    }

    /// Buses without any branch in service; parts of several buses are found by the network.
    fn check_connected(
        &self,
        buses: &BTreeMap<u32, (f64, f64)>,
        branches: &[BranchSpec],
    ) -> Result<(), MatpowerError> {
        let joined: BTreeSet<u32> = branches.iter().flat_map(|b| [b.from, b.to]).collect();
        let Some(lost) = buses.keys().find(|bus| !joined.contains(bus)) else {
            return Ok(());
        };
        let matrix = self.matrix("branch", branch::COLUMNS)?;
        let ends = |row: &&Vec<f64>| {
            row[branch::FROM] == f64::from(*lost) || row[branch::TO] == f64::from(*lost)
        };
        let branch = match matrix.rows.iter().find(ends) {
            Some(row) => format!(
                "branch {}-{} is out of service",
                row[branch::FROM],
                row[branch::TO]
            ),
            None => "no branch has it as an end".to_owned(),
        };
        Err(self.case_error(format!(
            "bus {lost} cannot be reached: {branch}, expected a connected network"
        )))
    }

    fn note_generators(&mut self, root: u32) -> Result<(), MatpowerError> {
        if self.program.matrix("gen").is_none_or(|m| m.rows.is_empty()) {
            return Ok(());
        }
        let units = self.matrix("gen", generator::COLUMNS)?.clone();
        for row in &units.rows {
            let bus = row[generator::BUS];
            if row[generator::STATUS] > 0.0 && bus != f64::from(root) {
                self.warnings.push(format!(
                    "generator at bus {bus} ignored: only the reference bus has one"
                ));
            }
        }
        Ok(())
    }

    fn base(&mut self, root: u32) -> Result<NetworkBase, MatpowerError> {
        let base_mva = self.program.scalar("mpc.baseMVA");
        let base_mva = base_mva.ok_or_else(|| {
            self.case_error("no mpc.baseMVA, expected the power base in MVA".to_owned())
        })?;
        let buses = self.matrix("bus", bus::COLUMNS)?;
        let root = f64::from(root);
        let at_root = buses.rows.iter().find(|row| row[bus::NUMBER] == root);
        let others = || {
            let rows = buses.rows.iter();
            rows.filter(|row| row[bus::NUMBER] != root && row[bus::TYPE] != bus::ISOLATED)
        };
        let v_min = others().map(|row| row[bus::V_MIN]).fold(0.0, f64::max);
        let v_max = others().map(|row| row[bus::V_MAX]);
        let v_max = v_max.fold(f64::INFINITY, f64::min);
        let mut base = NetworkBase {
            base_mva,
            base_kv: at_root.map_or(0.0, |row| row[bus::BASE_KV]),
            v_min,
            v_max,
        };
        if others().any(|row| row[bus::BASE_KV] != base.base_kv) {
            self.warnings.push(format!(
                "buses differ in base voltage: {} kV of the reference bus stands for all",
                base.base_kv
            ));
        }
        if v_min >= v_max {
            (base.v_min, base.v_max) = DEFAULT_LIMITS;
            self.warnings.push(format!(
                "voltage limits {v_min} to {v_max} leave no room: {} to {} assumed",
                base.v_min, base.v_max
            ));
        }
        Ok(base)
    }
}
