//! One message's working set: what it touches is read once, changed in memory and written once, at
//! the end and before any coins leave.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Env, Event, Response, StdResult, Storage};
use gridweave_rules::settlement::{Pool, Purse, SettlementError};
use gridweave_types::packed::Cache;

use crate::error::ContractError;
use crate::events;
use crate::state::{
    ACCOUNTS, ADDRESSES, Account, AccountId, BOOKS, Books, CONFIG, Config, INTERVALS,
    IntervalTotals, PERIODS, Period, STATEMENTS, Statement, StatementKey,
};

/// Key of the only entry of [`BOOKS`].
pub const BOOKS_KEY: u32 = 0;

/// The working set.
pub struct Work<'a> {
    /// Storage; lines are read and written directly, since each is touched once.
    pub storage: &'a mut dyn Storage,
    /// What is fixed.
    pub config: Config,
    /// Block time (unix seconds).
    pub now: u64,
    /// Totals.
    pub books: Books,
    events: Vec<Event>,
    accounts: Cache<AccountId, Account>,
    addresses: BTreeMap<AccountId, Addr>,
    intervals: Cache<u32, IntervalTotals>,
    statements: Cache<StatementKey, Statement>,
    periods: Cache<u32, Period>,
}

impl<'a> Work<'a> {
    /// An empty working set.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn begin(storage: &'a mut dyn Storage, env: &Env) -> Result<Self, ContractError> {
        Ok(Self {
            config: CONFIG.load(storage)?,
            books: BOOKS.may_load(storage, BOOKS_KEY)?.unwrap_or_default(),
            now: env.block.time.seconds(),
            events: Vec::new(),
            accounts: Cache::default(),
            addresses: BTreeMap::new(),
            intervals: Cache::default(),
            statements: Cache::default(),
            periods: Cache::default(),
            storage,
        })
    }

    /// Writes what has changed and adds the collected events to `response`.
    pub fn finish(self, response: Response) -> Response {
        let storage = self.storage;
        BOOKS.save(storage, BOOKS_KEY, &self.books);
        self.accounts.write(storage, &ACCOUNTS);
        self.intervals.write(storage, &INTERVALS);
        self.statements.write(storage, &STATEMENTS);
        self.periods.write(storage, &PERIODS);
        response.add_events(self.events)
    }

    /// Adds an event after those collected so far.
    pub fn announce(&mut self, event: Event) {
        self.events.push(event);
    }

    /// An account; all zero when it is new.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn account(&mut self, id: AccountId) -> StdResult<&mut Account> {
        self.accounts.entry(self.storage, &ACCOUNTS, id)
    }

    /// Address of an account.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn address(&mut self, id: AccountId) -> StdResult<Addr> {
        if let Some(address) = self.addresses.get(&id) {
            return Ok(address.clone());
        }
        let address = ADDRESSES.load(self.storage, id)?;
        self.addresses.insert(id, address.clone());
        Ok(address)
    }

    /// Totals of an interval.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn interval(&mut self, interval: u32) -> StdResult<&mut IntervalTotals> {
        self.intervals.entry(self.storage, &INTERVALS, interval)
    }

    /// A statement.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn statement(&mut self, key: StatementKey) -> StdResult<&mut Statement> {
        self.statements.entry(self.storage, &STATEMENTS, key)
    }

    /// Reconciliation of a period.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn period(&mut self, period: u32) -> StdResult<&mut Period> {
        self.periods.entry(self.storage, &PERIODS, period)
    }

    /// Moves money of one account by a rule of the ledger and keeps the totals in step. A change of
    /// what the account owes is announced.
    ///
    /// # Errors
    /// Those of the rule.
    pub fn money<T>(
        &mut self,
        id: AccountId,
        rule: impl FnOnce(&mut Purse, &mut Pool, u128) -> Result<T, SettlementError>,
    ) -> Result<T, ContractError> {
        let before = self.account(id)?.purse();
        let (mut purse, mut pool) = (before, self.books.pool());
        let outcome = rule(&mut purse, &mut pool, self.config.collateral().u128())?;
        self.books.cash = pool.cash;
        self.books.dust = pool.dust;
        let totals = &mut self.books;
        for (total, old, new) in [
            (&mut totals.balances, before.balance, purse.balance),
            (&mut totals.collateral, before.collateral, purse.collateral),
            (&mut totals.receivables, before.receivable, purse.receivable),
            (&mut totals.arrears, before.arrears, purse.arrears),
        ] {
            let rest = total.checked_sub(old);
            *total = rest
                .and_then(|rest| rest.checked_add(new))
                .ok_or(SettlementError::Overflow { what: "books" })?;
        }
        self.account(id)?.set_purse(&purse);
        if purse.arrears != before.arrears {
            let address = self.address(id)?;
            self.announce(events::arrears_changed(&address, purse.arrears));
        }
        Ok(outcome)
    }
}
