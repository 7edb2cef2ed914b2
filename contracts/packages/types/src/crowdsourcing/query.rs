//! Queries.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::Uint64;

use super::{Ledger, TaskState};

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What is fixed at instantiation.
    #[returns(super::ConfigResponse)]
    Config {},
    /// Totals of all money.
    #[returns(super::BooksResponse)]
    Books {},
    /// One enrolment.
    #[returns(super::EnrolmentResponse)]
    Enrolment {
        /// Chain address.
        account: String,
    },
    /// Enrolments in the order in which accounts first asked.
    #[returns(super::EnrolmentsResponse)]
    Enrolments {
        /// Last account of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Willingness of an account by its acceptance history.
    #[returns(super::WillingnessResponse)]
    Willingness {
        /// Chain address.
        account: String,
    },
    /// One programme.
    #[returns(super::ProgrammeResponse)]
    Programme {
        /// Its number.
        programme: u32,
    },
    /// Programmes by number.
    #[returns(super::ProgrammesResponse)]
    Programmes {
        /// Last programme of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Budget of one feeder and interval.
    #[returns(super::BudgetResponse)]
    Budget {
        /// The programme.
        programme: u32,
        /// Feeder number.
        feeder: u32,
        /// The interval.
        interval: u32,
    },
    /// Budgets of a feeder by interval.
    #[returns(super::BudgetsResponse)]
    Budgets {
        /// The programme.
        programme: u32,
        /// Feeder number.
        feeder: u32,
        /// Last interval of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Preferences of one account.
    #[returns(super::PreferencesResponse)]
    Preferences {
        /// The programme.
        programme: u32,
        /// Chain address.
        account: String,
    },
    /// Preferences in the order of [`QueryMsg::Enrolments`].
    #[returns(super::PreferencePage)]
    AllPreferences {
        /// The programme.
        programme: u32,
        /// Last account of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
    /// One agreement.
    #[returns(super::AgreementResponse)]
    Agreement {
        /// Its number.
        agreement: Uint64,
    },
    /// Agreements by number.
    #[returns(super::AgreementsResponse)]
    Agreements {
        /// Last agreement of the previous page.
        start_after: Option<Uint64>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Agreements of an account by number.
    #[returns(super::AgreementsResponse)]
    AccountAgreements {
        /// Chain address.
        account: String,
        /// Last agreement of the previous page.
        start_after: Option<Uint64>,
        /// Page size.
        limit: Option<u32>,
    },
    /// What agreements and supplements have promised for an account in an interval.
    #[returns(super::BookingResponse)]
    Booking {
        /// Chain address.
        account: String,
        /// The interval.
        interval: u32,
    },
    /// One task.
    #[returns(super::TaskResponse)]
    Task {
        /// Its number.
        task: Uint64,
    },
    /// Tasks of a programme by number.
    #[returns(super::TasksResponse)]
    Tasks {
        /// The programme.
        programme: u32,
        /// Only those that stand there; tasks of others count toward the page, so it may be empty.
        state: Option<TaskState>,
        /// Last task of the previous page.
        start_after: Option<Uint64>,
        /// Tasks to look at.
        limit: Option<u32>,
    },
    /// An account's task in an interval, and the following ones.
    #[returns(super::TasksResponse)]
    AccountTasks {
        /// Chain address.
        account: String,
        /// First interval.
        from: u32,
        /// Page size.
        limit: Option<u32>,
    },
    /// Unfinished tasks of an interval: open, or accepted and not settled.
    #[returns(super::TasksResponse)]
    UnfinishedTasks {
        /// The interval.
        interval: u32,
        /// Last task of the previous page.
        start_after: Option<Uint64>,
        /// Page size.
        limit: Option<u32>,
    },
    /// The operator's budget account.
    #[returns(super::LedgerResponse)]
    Ledger {
        /// Which.
        ledger: Ledger,
    },
    /// A crowdsourcee's statement.
    #[returns(super::StatementResponse)]
    Statement {
        /// Chain address.
        account: String,
        /// Which ledger.
        ledger: Ledger,
    },
    /// Statements of a ledger in the order of [`QueryMsg::Enrolments`].
    #[returns(super::StatementsResponse)]
    Statements {
        /// Which ledger.
        ledger: Ledger,
        /// Last account of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
}
