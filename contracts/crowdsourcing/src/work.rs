//! What one message changes: records are read once, changed in memory and written once. The only
//! place where money of a budget moves.

use std::collections::BTreeMap;

use cosmwasm_std::{Event, Response, Storage};
use gridweave_rules::crowdsourcing::level_of;
use gridweave_types::crowdsourcing::{ConfigResponse, Ledger};
use gridweave_types::packed::Cache;

use crate::error::{ContractError, overflow};
use crate::events;
use crate::state::{
    ANSWERS, AccountId, AnswersRecord, BUDGETS, BudgetKey, BudgetRecord, CONFIG, ENROLMENTS,
    LEDGERS, LedgerRecord, Money, STATEMENTS, StatementKey, StatementRecord, Status, SumsRecord,
    TaskRecord, USED, ledger_key,
};

/// Where something counts.
#[derive(Clone, Copy)]
pub struct Place {
    /// The programme.
    pub programme: u32,
    /// Feeder number.
    pub feeder: u32,
    /// The interval.
    pub interval: u32,
}

impl From<&TaskRecord> for Place {
    fn from(task: &TaskRecord) -> Self {
        Self {
            programme: task.programme,
            feeder: task.feeder,
            interval: task.interval,
        }
    }
}

/// One message's changes.
pub struct Work<'s> {
    /// Storage.
    pub storage: &'s mut dyn Storage,
    /// The terms.
    pub config: ConfigResponse,
    /// Totals.
    pub status: Status,
    budgets: Cache<BudgetKey, BudgetRecord>,
    ledgers: Cache<u64, LedgerRecord>,
    statements: Cache<StatementKey, StatementRecord>,
    used: Cache<(u32, AccountId), u64>,
    answers: BTreeMap<AccountId, AnswersRecord>,
    events: Vec<Event>,
}

impl<'s> Work<'s> {
    /// Begins.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn begin(storage: &'s mut dyn Storage) -> Result<Self, ContractError> {
        Ok(Self {
            config: CONFIG.load(storage)?,
            status: Status::load(storage)?,
            storage,
            budgets: Cache::default(),
            ledgers: Cache::default(),
            statements: Cache::default(),
            used: Cache::default(),
            answers: BTreeMap::new(),
            events: Vec::new(),
        })
    }

    /// Writes everything and adds the events.
    pub fn finish(self, response: Response) -> Response {
        self.status.save(self.storage);
        self.budgets.write(self.storage, &BUDGETS);
        self.ledgers.write(self.storage, &LEDGERS);
        self.statements.write(self.storage, &STATEMENTS);
        self.used.write(self.storage, &USED);
        for (account, record) in self.answers {
            ANSWERS.save(self.storage, account, &record);
        }
        response.add_events(self.events)
    }

    /// Announces something.
    pub fn announce(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Budget of a feeder and interval.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn budget(&mut self, place: Place) -> Result<&mut BudgetRecord, ContractError> {
        let key = (place.programme, place.feeder, place.interval);
        Ok(self.budgets.entry(self.storage, &BUDGETS, key)?)
    }

    /// A budget account.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn ledger(&mut self, ledger: Ledger) -> Result<&mut LedgerRecord, ContractError> {
        let key = ledger_key(ledger);
        Ok(self.ledgers.entry(self.storage, &LEDGERS, key)?)
    }

    /// Moves money of a budget, and of the three accounts that it belongs to.
    ///
    /// # Errors
    /// [`ContractError::OverBudget`] when less than nothing would be free.
    pub fn money(
        &mut self,
        place: Place,
        change: impl Fn(&Money) -> Option<Money>,
    ) -> Result<(), ContractError> {
        let before = self.budget(place)?.money.clone();
        let after = change(&before).ok_or(overflow("budget"))?;
        let Some(_) = after.free() else {
            let promised = |money: &Money| money.reserved.saturating_add(money.committed);
            return Err(ContractError::OverBudget {
                feeder: place.feeder,
                interval: place.interval,
                asked: promised(&after).saturating_sub(promised(&before)).into(),
                free: before.free().unwrap_or_default().into(),
            });
        };
        self.budget(place)?.money = after;
        for ledger in self.config.ledgers(place.programme, place.interval) {
            let account = &mut self.ledger(ledger)?.money;
            *account = change(account).ok_or(overflow("budget account"))?;
        }
        Ok(())
    }

    /// Adds to an account's three statements and to the three accounts of the operator.
    ///
    /// # Errors
    /// [`ContractError::Overflow`].
    pub fn count(
        &mut self,
        (programme, interval): (u32, u32),
        account: AccountId,
        sums: &SumsRecord,
    ) -> Result<(), ContractError> {
        for ledger in self.config.ledgers(programme, interval) {
            let key = (ledger_key(ledger), account);
            let statement = self.statements.entry(self.storage, &STATEMENTS, key)?;
            let first = !std::mem::replace(&mut statement.counted, true);
            statement.sums = statement.sums.plus(sums)?;
            let record = self.ledger(ledger)?;
            record.sums = record.sums.plus(sums)?;
            let statements = record.statements.checked_add(u32::from(first));
            record.statements = statements.ok_or(overflow("statements"))?;
        }
        Ok(())
    }

    /// One more task (`true`) or one less that is open, or accepted and not settled.
    ///
    /// # Errors
    /// [`ContractError::Overflow`], only by a defect.
    pub fn open_task(
        &mut self,
        (programme, interval): (u32, u32),
        more: bool,
    ) -> Result<(), ContractError> {
        for ledger in self.config.ledgers(programme, interval) {
            let open = &mut self.ledger(ledger)?.open;
            let changed = match more {
                true => open.checked_add(1),
                false => open.checked_sub(1),
            };
            *open = changed.ok_or(overflow("open tasks"))?;
        }
        Ok(())
    }

    /// Energy promised or offered in a programme (Wh).
    ///
    /// # Errors
    /// Only those of storage.
    pub fn used(&mut self, programme: u32, account: AccountId) -> Result<&mut u64, ContractError> {
        let key = (programme, account);
        Ok(self.used.entry(self.storage, &USED, key)?)
    }

    /// Counts an answer in the acceptance history of a task's account.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn answer(&mut self, task: &TaskRecord, accepts: bool) -> Result<(), ContractError> {
        let record = match self.answers.get(&task.account) {
            Some(record) => record.clone(),
            None => ANSWERS
                .may_load(self.storage, task.account)?
                .unwrap_or_default(),
        };
        let level = level_of(task.incentive, self.config.incentive_limit.u64());
        let mut evidence = record.evidence();
        evidence.observe(level, accepts);
        let account = ENROLMENTS.load(self.storage, task.account)?.account;
        self.announce(events::answered(&account, level, accepts, &evidence));
        self.answers.insert(task.account, evidence.into());
        Ok(())
    }
}
