//! What the contract stores, and under which names.
//!
//! Accounts have numbers in the order in which they first asked to take part, from 1. Whatever is
//! written often is packed.

mod records;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Empty, StdResult, Storage};
use cw_storage_plus::{Item, Map};
use gridweave_types::crowdsourcing::{
    AgreementState, ConfigResponse, Device, EnrolmentState, Kind, Ledger, Preferences, Term, Terms,
};
use gridweave_types::packed::PackedMap;

pub use records::{
    AnswersRecord, BookingRecord, BudgetRecord, LedgerRecord, Money, StatementRecord, Status,
    SumsRecord, TaskRecord, task_state,
};

/// Number of an account.
pub type AccountId = u32;
/// Programme, feeder, interval.
pub type BudgetKey = (u32, u32, u32);
/// Ledger and account.
pub type StatementKey = (u64, AccountId);

/// What is fixed.
pub const CONFIG: Item<ConfigResponse> = Item::new("config");
/// Totals, under [`STATUS_KEY`].
pub const STATUS: PackedMap<&str, Status> = PackedMap::new("status");
/// The one key of [`STATUS`].
pub const STATUS_KEY: &str = "all";

/// Numbers of accounts.
pub const NUMBERS: Map<&Addr, AccountId> = Map::new("numbers");
/// Enrolments, which know their addresses.
pub const ENROLMENTS: Map<AccountId, Enrolment> = Map::new("enrolments");
/// Acceptance histories.
pub const ANSWERS: PackedMap<AccountId, AnswersRecord> = PackedMap::new("answers");

/// Programmes.
pub const PROGRAMMES: Map<u32, Programme> = Map::new("programmes");
/// Budgets.
pub const BUDGETS: PackedMap<BudgetKey, BudgetRecord> = PackedMap::new("budgets");
/// Preferences by programme.
pub const PREFERENCES: Map<(u32, AccountId), Submitted> = Map::new("preferences");
/// Energy promised or offered by programme and account (Wh, magnitudes added up).
pub const USED: PackedMap<(u32, AccountId), u64> = PackedMap::new("used");

/// Agreements.
pub const AGREEMENTS: Map<u64, Agreement> = Map::new("agreements");
/// Agreements of an account.
pub const ACCOUNT_AGREEMENTS: Map<(AccountId, u64), Empty> = Map::new("account_agreements");
/// What agreements and supplements have promised by account and interval.
pub const BOOKINGS: PackedMap<(AccountId, u32), BookingRecord> = PackedMap::new("bookings");

/// Tasks.
pub const TASKS: PackedMap<u64, TaskRecord> = PackedMap::new("tasks");
/// Tasks of a programme.
pub const PROGRAMME_TASKS: Map<(u32, u64), Empty> = Map::new("programme_tasks");
/// Task of an account in an interval.
pub const ACCOUNT_TASKS: Map<(AccountId, u32), u64> = Map::new("account_tasks");
/// Tasks of an interval that are open, or accepted and not settled.
pub const UNFINISHED: Map<(u32, u64), Empty> = Map::new("unfinished");

/// Budget accounts by [`ledger_key`].
pub const LEDGERS: PackedMap<u64, LedgerRecord> = PackedMap::new("ledgers");
/// Statements by [`ledger_key`] and account.
pub const STATEMENTS: PackedMap<StatementKey, StatementRecord> = PackedMap::new("statements");

/// An enrolment.
#[cw_serde]
pub struct Enrolment {
    /// Chain address.
    pub account: Addr,
    /// How it takes part.
    pub kind: Kind,
    /// With what.
    pub devices: Vec<Device>,
    /// Where it stands.
    pub state: EnrolmentState,
}

/// A programme.
#[cw_serde]
pub struct Programme {
    /// Its terms.
    pub terms: Terms,
    /// Crowdsourcees with preferences.
    pub participants: u32,
    /// Whether it is reconciled.
    pub closed: bool,
}

/// Preferences as they stand.
#[cw_serde]
pub struct Submitted {
    /// The preferences.
    pub preferences: Preferences,
    /// How often they were amended.
    pub amended: u32,
}

/// An agreement.
#[cw_serde]
pub struct Agreement {
    /// Its account.
    pub account: AccountId,
    /// Programme for which it was proposed.
    pub programme: u32,
    /// Price (µ/kWh).
    pub rate: i64,
    /// How long it lasts.
    pub term: Term,
    /// First interval.
    pub first: u32,
    /// Last interval.
    pub last: u32,
    /// Most injection per interval (Wh).
    pub export: u64,
    /// Most draw per interval (Wh).
    pub import: u64,
    /// Setpoints of its first programme.
    pub setpoints: Binary,
    /// Where it stands; `Expired` follows from the clock.
    pub state: AgreementState,
}

impl Status {
    /// The totals.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(STATUS.may_load(storage, STATUS_KEY)?.unwrap_or_default())
    }

    /// Stores them.
    pub fn save(&self, storage: &mut dyn Storage) {
        STATUS.save(storage, STATUS_KEY, self);
    }
}

/// Key of a ledger: its kind in the upper half, its number in the lower.
pub const fn ledger_key(ledger: Ledger) -> u64 {
    let (kind, number) = match ledger {
        Ledger::Programme { programme } => (0, programme),
        Ledger::Week { week } => (1, week),
        Ledger::Month { month } => (2, month),
    };
    (kind << u32::BITS) | number as u64
}
