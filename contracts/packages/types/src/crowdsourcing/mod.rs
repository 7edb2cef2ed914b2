//! The `crowdsourcing` contract: enrolment, preferences, agreements, tasks with incentives out of a
//! budget, supplements, reconciliation (algorithm 1 of the paper behind `C`).
//!
//! Energies are in Wh per interval, injection positive; prices in µ/kWh, money in µ of the one bank
//! denom that `billing` names. Programmes, agreements and tasks are numbered from 1. The price `λ`
//! of whatever is accepted is paid by `billing` as that of a commitment; the incentive `λᵃ` is paid
//! by this contract out of a programme's budget, for what was delivered.

mod agreement;
mod answers;
mod enrolment;
mod ledger;
mod msg;
mod preferences;
mod programme;
mod query;
mod task;

pub use agreement::{
    AgreementProposal, AgreementResponse, AgreementState, AgreementsResponse, BookingResponse, Term,
};
pub use answers::{BooksResponse, ConfigResponse, WillingnessResponse};
pub use enrolment::{
    Device, DeviceKind, EnrolmentResponse, EnrolmentState, EnrolmentsResponse, Kind,
};
pub use ledger::{Ledger, LedgerResponse, StatementResponse, StatementsResponse, Totals};
pub use msg::{ExecuteMsg, InstantiateMsg, MigrateMsg};
pub use preferences::{
    Bound, PreferencePage, Preferences, PreferencesResponse, Window, check_devices,
    check_preferences,
};
pub use programme::{
    BudgetResponse, BudgetsResponse, FeederBudget, Phase, ProgrammeResponse, ProgrammesResponse,
    Terms,
};
pub use query::QueryMsg;
pub use task::{RaiseInput, SupplementInput, TaskInput, TaskResponse, TaskState, TasksResponse};

/// Most devices of a crowdsourcee.
pub const MAX_DEVICES: usize = 8;
/// Most availability windows of a crowdsourcee in a programme.
pub const MAX_WINDOWS: usize = 8;
/// Most intervals of a programme: as many as `billing` takes commitments of at once.
pub const MAX_LENGTH: u32 = super::billing::MAX_COMMITMENTS as u32;
/// Most budgets (of one feeder and interval) in one message.
pub const MAX_BUDGETS: usize = 400;
/// Most tasks, raises or supplements in one message.
pub const MAX_TASKS: usize = 100;
/// Most tasks that one `Sweep`, and most statements that one `Reconcile`, looks at.
pub const MAX_PAGE: u32 = 100;
/// Most times that a programme may let a task be raised.
pub const MAX_RAISES: u32 = 16;
/// Longest time that a task stays open (seconds): a leap year.
pub const MAX_TASK_SECONDS: u32 = super::billing::MAX_WINDOW;
/// Most intervals of a day: one every half minute.
pub const MAX_DAY: u32 = 2_880;
/// Days of a week, a month and a year in agreements and statements.
pub const WEEK_DAYS: u32 = 7;
/// See [`WEEK_DAYS`].
pub const MONTH_DAYS: u32 = 30;
/// See [`WEEK_DAYS`].
pub const YEAR_DAYS: u32 = 365;
