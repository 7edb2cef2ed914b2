//! Solutions: the candidate only becomes better.

use std::collections::BTreeSet;

use gridweave_rules::market::certificate::ratio;
use gridweave_rules::market::reward::share;
use gridweave_rules::market::{Objective, Value};
use gridweave_units::Interval;

use super::super::announced::Announced;
use super::super::review::Review;
use super::{Candidate, Exchange};
use crate::AuditError;

/// Reasons of solutions that cost nothing.
const FREE: [&str; 2] = ["stale", "not_better"];
/// Reasons that lowered limits excuse.
const EXCUSED: [&str; 5] = [
    "unknown_feeder",
    "export",
    "import",
    "consumption",
    "production",
];

/// What trades of this energy and objective are worth at a round, see [`Objective::total`].
pub(super) fn value_of(rule: Objective, energy: u128, objective: i128, next: u32) -> Option<Value> {
    let plain = Value {
        energy,
        weighted: 0,
    };
    let weighted = match rule {
        Objective::Energy => 0,
        Objective::Welfare => objective,
        Objective::ExpiringFirst => {
            let whole = rule.total(plain, Interval(next))?;
            whole.checked_sub(objective)?
        }
    };
    let value = Value {
        energy,
        weighted: u128::try_from(weighted).ok()?,
    };
    (rule.total(value, Interval(next)) == Some(objective)).then_some(value)
}

impl Exchange {
    pub(super) fn solution_accepted(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let solver = review.about(fields, "solver")?;
        self.check_turn(&solver, fields.number("round")?, review);
        let solution = self.number_of(&solver, fields.number("solution")?, review);
        if let Some(solver) = self.solvers.get_mut(&solver) {
            solver.reveal();
        }
        let (objective, before) = (fields.number("objective")?, fields.number("before")?);
        review.holds("objective", objective > before, format!("above {before}"));
        if let Some(value) = self.candidate.value {
            let known = self.objective().total(value, Interval(self.next));
            review.holds("before", known == Some(before), shown(known));
        }
        let energy = fields.number("energy")?;
        let value = value_of(self.objective(), energy, objective, self.next);
        review.holds(
            "objective",
            value.is_some(),
            "one that its energy can be worth",
        );
        review.same("digest", fields.bytes("digest")?.len(), 32);
        let quality = self.certified(message, objective, review)?;
        let shares = std::mem::take(&mut self.candidate.shares);
        self.candidate = Candidate {
            solution,
            trades: fields.number("trades")?,
            value,
            voided: BTreeSet::new(),
            shares: share(shares, before, objective, solver, quality),
        };
        review.findings.solutions = review.findings.solutions.saturating_add(1);
        Ok(())
    }

    /// Share of its reward that the solver gets (ppm).
    fn certified(
        &self,
        message: &Announced,
        objective: i128,
        review: &mut Review,
    ) -> Result<u32, AuditError> {
        let fields = &message.response;
        if fields.optional("bound")?.is_none() {
            review.holds("ratio_ppm", fields.optional("ratio_ppm")?.is_none(), "none");
            return Ok(self.terms.reward.uncertified_ppm);
        }
        let bound: u128 = fields.number("bound")?;
        let least = u128::try_from(objective).unwrap_or_default();
        review.holds("bound", bound >= least, format!("at least {least}"));
        let computed = ratio(objective, bound);
        review.same("ratio_ppm", fields.number("ratio_ppm")?, computed);
        Ok(computed)
    }

    /// That solutions are taken in this round, and of this solver.
    fn check_turn(&self, solver: &str, round: u32, review: &mut Review) {
        review.same("round", round, self.next);
        let early = review.now < self.due_at(self.next);
        review.holds("time", early, "before the interval is due");
        review.holds("phase", self.open, "no finalization under way");
        self.require_active(solver, review);
    }

    /// Number of a solution: that of its solver's draft, or the next.
    fn number_of(&mut self, solver: &str, number: u64, review: &mut Review) -> u64 {
        let draft = self.solvers.get_mut(solver);
        let draft = draft.and_then(|solver| {
            let own = solver.draft.filter(|draft| draft.0 == number);
            own.inspect(|_| solver.draft = None)
        });
        let expected = match draft {
            Some((draft, _)) => draft,
            None => {
                self.last_solution = self.last_solution.saturating_add(1);
                self.last_solution
            }
        };
        review.same("solution", number, expected);
        expected
    }

    pub(super) fn solution_rejected(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (address, reason) = (review.about(fields, "solver")?, fields.text("reason")?);
        fields.text("detail")?;
        review.same("round", fields.number("round")?, self.next);
        self.require_active(&address, review);
        let penalty: u128 = fields.number("penalty")?;
        let excused = self.lowered && EXCUSED.contains(&reason);
        let full = self.terms.bond.infeasible.u128();
        let expected = match FREE.contains(&reason) || excused {
            true => 0,
            false => full,
        };
        review.same("penalty", penalty, self.penalize(&address, expected));
        let held = self.solvers.get(&address).map_or(0, |solver| solver.bond);
        review.same("bond", fields.number("bond")?, held);
        // Whether it was a draft that was rejected, events do not say; the next one gets a new number.
        if let Some(solver) = self.solvers.get_mut(&address) {
            solver.reveal();
        }
        Ok(())
    }

    pub(super) fn solution_begun(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let address = review.about(fields, "solver")?;
        self.check_turn(&address, fields.number("round")?, review);
        self.last_solution = self.last_solution.saturating_add(1);
        let number = self.last_solution;
        review.same("solution", fields.number("solution")?, number);
        if let Some(solver) = self.solvers.get_mut(&address) {
            solver.draft = Some((number, 0));
        }
        Ok(())
    }

    pub(super) fn trades_appended(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (address, number) = (
            review.about(fields, "solver")?,
            fields.number::<u64>("solution")?,
        );
        let sequence: u32 = fields.number("sequence")?;
        fields.number::<u64>("trades")?;
        self.require_active(&address, review);
        let draft = self.solvers.get_mut(&address);
        match draft.and_then(|solver| solver.draft.as_mut()) {
            Some(draft) => {
                review.same("solution", number, draft.0);
                review.same("sequence", sequence, draft.1);
                draft.1 = draft.1.saturating_add(1);
            }
            None => review.differ("solution", number, "none begun"),
        }
        Ok(())
    }

    pub(super) fn solution_abandoned(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let (address, number) = (
            review.about(fields, "solver")?,
            fields.number::<u64>("solution")?,
        );
        let draft = self.solvers.get_mut(&address);
        let draft = draft.and_then(|solver| solver.draft.take());
        review.same("solution", number, draft.map_or(0, |draft| draft.0));
        Ok(())
    }
}

fn shown(objective: Option<i128>) -> String {
    objective.map_or_else(|| "unknown".into(), |objective| objective.to_string())
}
