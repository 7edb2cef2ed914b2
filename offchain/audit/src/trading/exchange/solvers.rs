//! Solvers' bonds and rewards.

use super::super::announced::Announced;
use super::super::review::Review;
use super::Exchange;
use crate::AuditError;

/// A solver.
#[derive(Debug, Clone, Default)]
pub(super) struct Solver {
    /// What is left of its bond (µ).
    pub bond: u128,
    /// The solution it has begun: number, and messages so far.
    pub draft: Option<(u64, u32)>,
    /// Whether it has committed to a solution.
    committed: bool,
}

impl Solver {
    /// It has shown what it had committed to.
    pub fn reveal(&mut self) {
        self.committed = false;
    }
}

impl Exchange {
    /// That a solver has its full bond.
    pub(super) fn require_active(&self, address: &str, review: &mut Review) {
        let bond = self.solvers.get(address).map(|solver| solver.bond);
        let full = self.terms.bond.amount.u128();
        review.holds("solver", bond >= Some(full), "one with its full bond");
    }

    /// Moves up to `amount` of a solver's bond to the pool; what was moved.
    pub(super) fn penalize(&mut self, address: &str, amount: u128) -> u128 {
        let Some(solver) = self.solvers.get_mut(address) else {
            return 0;
        };
        let taken = amount.min(solver.bond);
        solver.bond = solver.bond.saturating_sub(taken);
        self.pool = self.pool.saturating_add(taken);
        taken
    }

    pub(super) fn solver_registered(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let address = review.about(fields, "solver")?;
        let full = self.terms.bond.amount.u128();
        let known = self.solvers.contains_key(&address);
        let solver = self.solvers.entry(address).or_default();
        let missing = full.saturating_sub(solver.bond);
        review.same("paid", fields.number("paid")?, missing);
        review.holds("solver", !known || missing > 0, "registered already");
        review.same("bond", fields.number("bond")?, full);
        solver.bond = full;
        Ok(())
    }

    pub(super) fn solver_unregistered(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let address = review.about(fields, "solver")?;
        match self.solvers.remove(&address) {
            Some(solver) => review.same("bond", fields.number("bond")?, solver.bond),
            None => review.differ("solver", "unregistered", "never registered"),
        }
        Ok(())
    }

    pub(super) fn solution_committed(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let address = review.about(fields, "solver")?;
        review.same("hash", fields.bytes("hash")?.len(), 32);
        self.require_active(&address, review);
        let seconds = self.terms.reveal.map(|reveal| u64::from(reveal.seconds));
        let until = seconds.map_or(0, |seconds| review.now.saturating_add(seconds));
        review.same("until", fields.number("until")?, until);
        if let Some(solver) = self.solvers.get_mut(&address) {
            solver.committed = true;
        }
        Ok(())
    }

    pub(super) fn solution_withheld(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let address = review.about(fields, "solver")?;
        let committed = self.solvers.get(&address).is_some_and(|own| own.committed);
        review.holds("solver", committed, "one that has committed");
        let taken = self.penalize(&address, self.terms.bond.withheld.u128());
        review.same("penalty", fields.number("penalty")?, taken);
        if let Some(solver) = self.solvers.get_mut(&address) {
            solver.committed = false;
            review.same("bond", fields.number("bond")?, solver.bond);
        }
        Ok(())
    }

    pub(super) fn rewards_moved(
        &mut self,
        message: &Announced,
        review: &mut Review,
        funded: bool,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let amount: u128 = fields.number("amount")?;
        self.pool = match funded {
            true => self.pool.saturating_add(amount),
            false => {
                review.holds("amount", amount <= self.pool, "at most the pool");
                self.pool.saturating_sub(amount)
            }
        };
        review.same("pool", fields.number("pool")?, self.pool);
        Ok(())
    }

    pub(super) fn reward_claimed(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let solver = review.about(fields, "solver")?;
        let owed = self.owed.remove(&solver).unwrap_or_default();
        review.same("amount", fields.number("amount")?, owed);
        review.holds("amount", owed > 0, "above 0");
        Ok(())
    }
}
