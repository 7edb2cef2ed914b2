//! Coins in and out.

use gridweave_rules::settlement::{Purse, SettlementError, collect, deposit, draw, withdraw};

use super::Step;
use crate::event::Movement;

impl Step<'_> {
    pub(super) fn moved(
        &mut self,
        movement: Movement,
        account: &str,
        amount: u128,
        announced: &Purse,
    ) {
        self.findings.payments = self.findings.payments.saturating_add(1);
        let place = self.at(account, None);
        let computed = self.money(account, |purse, pool, required| match movement {
            Movement::ToppedUp => {
                deposit(purse, pool, amount, required)?;
                collect(purse, pool, required)?;
                Ok(amount)
            }
            Movement::Withdrawn => {
                collect(purse, pool, required)?;
                withdraw(purse, amount)?;
                Ok(amount)
            }
            Movement::Released => {
                collect(purse, pool, required)?;
                let all = purse.balance.checked_add(purse.collateral);
                (purse.balance, purse.collateral) = (0, 0);
                all.ok_or(SettlementError::Overflow { what: "release" })
            }
            Movement::Collected => collect(purse, pool, required),
        });
        if let Some(computed) = computed {
            self.findings.compare(&place, "amount", amount, computed);
        }
        self.findings
            .require(&place, "amount", amount > 0, "above 0");
        match movement {
            Movement::ToppedUp => self.came_in(Some(account), amount),
            Movement::Withdrawn => self.went_out(Some(account), amount),
            Movement::Released => {
                self.release(account);
                self.went_out(Some(account), amount);
            }
            Movement::Collected => {}
        }
        self.compare_purse(account, announced);
    }

    /// Everything may go when nothing is open.
    fn release(&mut self, account: &str) {
        let place = self.at(account, None);
        let length = self.ledger.terms.period_intervals;
        let held = self.account(account);
        let settled = held
            .periods(length)
            .iter()
            .all(|period| held.statements.contains_key(period));
        let owed = held.purse.arrears == 0 && held.purse.receivable == 0;
        self.findings
            .require(&place, "release", settled, "statements that are not final");
        self.findings
            .require(&place, "release", owed, "arrears or receivables");
    }

    fn compare_purse(&mut self, account: &str, announced: &Purse) {
        let place = self.at(account, None);
        let held = self.account(account).purse;
        for (component, announced, computed) in [
            ("balance", announced.balance, held.balance),
            ("collateral", announced.collateral, held.collateral),
            ("receivable", announced.receivable, held.receivable),
            ("arrears", announced.arrears, held.arrears),
        ] {
            self.findings
                .compare(&place, component, announced, computed);
        }
    }

    pub(super) fn grid_moved(&mut self, funded: bool, amount: u128, grid: u128) {
        self.findings.payments = self.findings.payments.saturating_add(1);
        let place = self.place();
        self.findings
            .require(&place, "amount", amount > 0, "above 0");
        if funded {
            self.came_in(None, amount);
            match self.ledger.pool.cash.checked_add(amount) {
                Some(cash) => self.ledger.pool.cash = cash,
                None => self
                    .findings
                    .differ(&place, "grid", "accepted", "out of range"),
            }
        } else {
            self.went_out(None, amount);
            let owed = self.ledger.books().receivables.u128();
            let kept = self.ledger.terms.float.u128().saturating_add(owed);
            if let Err(error) = draw(&mut self.ledger.pool, amount, kept) {
                self.findings.differ(&place, "grid", "accepted", error);
            }
        }
        let available = self.ledger.pool.available();
        self.findings.compare(&place, "grid", grid, available);
    }

    fn came_in(&mut self, account: Option<&str>, amount: u128) {
        let place = self.place();
        match self.ledger.deposited.checked_add(amount) {
            Some(sum) => self.ledger.deposited = sum,
            None => self
                .findings
                .differ(&place, "deposits", "accepted", "out of range"),
        }
        if let Some(account) = account {
            let held = self.account(account);
            held.deposited = held.deposited.saturating_add(amount);
        }
    }

    fn went_out(&mut self, account: Option<&str>, amount: u128) {
        let place = self.place();
        match self.ledger.withdrawn.checked_add(amount) {
            Some(sum) => self.ledger.withdrawn = sum,
            None => self
                .findings
                .differ(&place, "withdrawals", "accepted", "out of range"),
        }
        if let Some(account) = account {
            let held = self.account(account);
            held.withdrawn = held.withdrawn.saturating_add(amount);
        }
    }

    pub(super) fn arrears_changed(&mut self, account: &str, arrears: u128) {
        let place = self.at(account, None);
        match self.arrears.pop_front() {
            Some((owner, computed)) => {
                self.findings
                    .compare(&place, "account", account, owner.as_str());
                self.findings.compare(&place, "arrears", arrears, computed);
            }
            None => self
                .findings
                .differ(&place, "arrears", arrears, "no change"),
        }
    }
}
