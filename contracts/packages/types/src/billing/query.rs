//! Queries.

use cosmwasm_schema::{QueryResponses, cw_serde};

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// What is fixed at instantiation.
    #[returns(super::ConfigResponse)]
    Config {},
    /// The tariff of an interval.
    #[returns(super::TariffResponse)]
    Tariff {
        /// The interval.
        interval: u32,
    },
    /// Totals of all books.
    #[returns(super::BooksResponse)]
    Books {},
    /// Schedule contracts by order of registration.
    #[returns(super::SourcesResponse)]
    Sources {},
    /// How far a session is recorded.
    #[returns(super::SessionProgress)]
    Session {
        /// Address of the coordinator.
        coordinator: String,
        /// Session id.
        session: u64,
    },
    /// One account.
    #[returns(super::AccountResponse)]
    Account {
        /// Chain address.
        account: String,
    },
    /// Accounts in the order in which they were opened.
    #[returns(super::AccountsResponse)]
    Accounts {
        /// Last account of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
    /// One line.
    #[returns(super::LineResponse)]
    Line {
        /// Chain address.
        account: String,
        /// The interval.
        interval: u32,
    },
    /// Lines of an interval in the order of [`QueryMsg::Accounts`].
    #[returns(super::LinesResponse)]
    Lines {
        /// The interval.
        interval: u32,
        /// Last account of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
    /// An account's lines in `limit` intervals from `from` on; intervals without a line are left
    /// out, so a page may be empty.
    #[returns(super::LinesResponse)]
    AccountLines {
        /// Chain address.
        account: String,
        /// First interval.
        from: u32,
        /// Intervals to look at.
        limit: Option<u32>,
    },
    /// Superseded readings of a line, oldest first.
    #[returns(super::CorrectionsResponse)]
    Corrections {
        /// Chain address.
        account: String,
        /// The interval.
        interval: u32,
    },
    /// Totals of an interval and the grid account's line.
    #[returns(super::IntervalResponse)]
    Interval {
        /// The interval.
        interval: u32,
    },
    /// Reconciliation of a period.
    #[returns(super::PeriodResponse)]
    Period {
        /// The period.
        period: u32,
    },
    /// An account's statement of a period, final or not.
    #[returns(super::StatementResponse)]
    Statement {
        /// Chain address.
        account: String,
        /// The period.
        period: u32,
    },
    /// Statements of a period in the order of [`QueryMsg::Accounts`].
    #[returns(super::StatementsResponse)]
    Statements {
        /// The period.
        period: u32,
        /// Last account of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
}
