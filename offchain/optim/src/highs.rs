//! Linear programs with HiGHS, a second opinion on clarabel; feature `highs`.

use std::collections::BTreeMap;

use highs::{HighsModelStatus, RowProblem, Sense};

use crate::error::{OptimError, Problem};
use crate::program::{Program, Term};

/// The minimum of `program`, which must be linear.
///
/// # Errors
/// [`OptimError::Refused`] for anything but an optimum.
pub(crate) fn minimum(problem: Problem, program: &Program) -> Result<f64, OptimError> {
    let refused = |reason: String| OptimError::Refused { problem, reason };
    if !program.is_linear() {
        return Err(refused("it is not linear".into()));
    }
    let mut rows = RowProblem::default();
    let costs = program.linear().iter();
    let columns: Vec<_> = costs
        .map(|cost| rows.add_column::<f64, _>(*cost, ..))
        .collect();
    let of = |terms: &[Term]| -> Vec<_> {
        let terms = merged(terms).into_iter();
        let terms = terms.map(|(column, factor)| (columns[column], factor));
        terms.collect()
    };
    for (terms, value) in program.equality_rows() {
        rows.add_row(value..=value, of(terms));
    }
    for (terms, bound) in program.upper_rows() {
        rows.add_row(..=bound, of(terms));
    }
    let model = rows.try_optimise(Sense::Minimise);
    let mut model = model.map_err(|status| refused(format!("{status:?}")))?;
    model.make_quiet();
    // One thread, as clarabel has.
    let set = model.try_set_option("threads", 1);
    set.map_err(|status| refused(format!("{status:?}")))?;
    let solved = model.try_solve();
    let solved = solved.map_err(|status| refused(format!("{status:?}")))?;
    match solved.status() {
        // A program without columns has an optimum too.
        HighsModelStatus::Optimal | HighsModelStatus::ModelEmpty => Ok(solved.objective_value()),
        other => Err(refused(format!(
            "HiGHS ended with {other:?}, expected Optimal"
        ))),
    }
}

/// `terms` with one a column: HiGHS refuses a row that names a column twice.
fn merged(terms: &[Term]) -> BTreeMap<usize, f64> {
    let mut sums = BTreeMap::new();
    for (column, factor) in terms {
        *sums.entry(*column).or_default() += factor;
    }
    sums
}
