//! What can go wrong when a program is built or solved.

use std::fmt;

use clarabel::solver::SolverStatus;
use gridweave_model::Flaw;
use thiserror::Error;

/// Which convex program an error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The central program M(10).
    Central,
    /// The device problem of one bus.
    Site {
        /// The bus number of the source data.
        bus: u32,
    },
    /// The subproblem M(15) of one area.
    Area {
        /// Index of the area in its decomposition.
        area: usize,
    },
    /// The market's linear program T(16).
    Market,
    /// The incentive design C(2) of one feeder and interval.
    Incentives,
    /// The local task PLT of one home.
    Home {
        /// The home's number.
        home: u32,
    },
    /// The problem DCM of a whole community.
    Community,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Central => write!(f, "central problem"),
            Problem::Site { bus } => write!(f, "device problem of bus {bus}"),
            Problem::Incentives => write!(f, "incentive design"),
            Problem::Market => write!(f, "market problem"),
            Problem::Home { home } => write!(f, "local task of home {home}"),
            Problem::Community => write!(f, "problem of the community"),
            Problem::Area { area } => write!(f, "problem of area {area}"),
        }
    }
}

/// Errors of this crate.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum OptimError {
    /// The solver ended without a solution; its vectors are not one.
    #[error(
        "{problem}: the solver ended with {status:?} after {iterations} iterations, not Solved"
    )]
    NotSolved {
        /// The program.
        problem: Problem,
        /// How the solver ended.
        status: SolverStatus,
        /// Iterations it took.
        iterations: u32,
    },
    /// The solver refused the program or an update of it.
    #[error("{problem}: the solver refused the program: {reason}")]
    Refused {
        /// The program.
        problem: Problem,
        /// The solver's own words.
        reason: String,
    },
    /// A vector has the wrong length.
    #[error("{what} has {found} entries, expected {expected}")]
    BadShape {
        /// The vector.
        what: String,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A number outside its domain.
    #[error("{what} is {value}, expected {expected}")]
    BadValue {
        /// The number's name.
        what: String,
        /// The number.
        value: f64,
        /// Its domain.
        expected: String,
    },
    /// A device no schedule can satisfy.
    #[error("bus {bus}, {device}: {flaw}")]
    BadDevice {
        /// The bus number of the source data.
        bus: u32,
        /// Kind and position at the bus, as `battery 0`.
        device: String,
        /// The field at fault, its value and what was expected.
        flaw: Flaw,
    },
    /// A community's value that is not what it must be.
    #[error("{0}")]
    BadCommunity(Flaw),
    /// No schedule of a home meets its own constraints without trade.
    #[error("home {home} is infeasible alone: {reason}")]
    InfeasibleHome {
        /// The home's number.
        home: u32,
        /// Which constraints are missed, where and by how much.
        reason: String,
    },
    /// The buses are not in topological order or not a tree.
    #[error("bus {bus}: {reason}")]
    BadTree {
        /// The bus number of the source data.
        bus: u32,
        /// What is wrong.
        reason: &'static str,
    },
    /// An index beyond the end of its list.
    #[error("there is no {what} {index}, only {count}")]
    OutOfRange {
        /// What was asked for.
        what: &'static str,
        /// Its index.
        index: usize,
        /// How many there are.
        count: usize,
    },
}

/// Checks that a vector called `what` has `expected` entries.
pub(crate) fn check_len(
    what: impl Into<String>,
    found: usize,
    expected: usize,
) -> Result<(), OptimError> {
    if found == expected {
        return Ok(());
    }
    Err(OptimError::BadShape {
        what: what.into(),
        found,
        expected,
    })
}

/// Checks that every entry of `values` is finite.
pub(crate) fn check_finite(what: &str, values: &[f64]) -> Result<(), OptimError> {
    match values.iter().position(|value| !value.is_finite()) {
        None => Ok(()),
        Some(at) => Err(OptimError::BadValue {
            what: format!("{what}[{at}]"),
            value: values[at],
            expected: "a finite number".into(),
        }),
    }
}
