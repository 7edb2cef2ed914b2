//! Actions.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint64, Uint128};

use super::{
    AgreementProposal, Device, FeederBudget, Kind, Ledger, Preferences, RaiseInput,
    SupplementInput, TaskInput, Terms,
};

/// Instantiation.
#[cw_serde]
pub struct InstantiateMsg {
    /// Address of the `grid` contract, which knows the operator, the accounts and their feeders.
    pub grid: String,
    /// Address of the `billing` contract, where this one must be a source of kind `additions`.
    pub billing: String,
    /// Intervals of a day, 1 to [`super::MAX_DAY`].
    pub day_intervals: u32,
    /// Largest incentive (µ/kWh) of any programme, at least 1 and at most `billing`'s price limit.
    pub incentive_limit: Uint64,
}

/// Migration; the version only moves forward.
#[cw_serde]
pub struct MigrateMsg {}

/// Actions.
#[cw_serde]
pub enum ExecuteMsg {
    /// Account registered in `grid`: asks to take part, or again after a refusal or revocation.
    Enrol {
        /// How.
        kind: Kind,
        /// With what; at most [`super::MAX_DEVICES`].
        devices: Vec<Device>,
    },
    /// Operator: lets an account take part.
    ApproveEnrolment {
        /// The account.
        account: String,
    },
    /// Operator: does not let an account take part.
    RefuseEnrolment {
        /// The account.
        account: String,
    },
    /// Operator, or the account itself: ends its part. What it has accepted stands.
    RevokeEnrolment {
        /// The account; the sender's unless given.
        account: Option<String>,
    },
    /// Operator, with the sum of the budgets in coins: starts a programme.
    CreateProgramme {
        /// Its terms.
        terms: Terms,
        /// At most [`super::MAX_BUDGETS`] amounts in all.
        budgets: Vec<FeederBudget>,
    },
    /// Operator, with the sum of the budgets in coins: adds to the budgets of intervals that have not
    /// begun.
    AddBudget {
        /// The programme.
        programme: u32,
        /// At most [`super::MAX_BUDGETS`] amounts in all.
        budgets: Vec<FeederBudget>,
    },
    /// Enrolled account: its preferences, in the place of earlier ones, until the deadline.
    SubmitPreferences {
        /// The programme.
        programme: u32,
        /// Its preferences.
        preferences: Preferences,
    },
    /// Operator: proposes an agreement to a generator or Type 1 crowdsourcee. One for a day whose
    /// setpoints and rate lie within the preferences is accepted by these.
    ProposeAgreement {
        /// The programme that it begins with.
        programme: u32,
        /// What is proposed.
        proposal: AgreementProposal,
    },
    /// The agreement's account: its message is its signature. The setpoints become commitments.
    AcceptAgreement {
        /// Number of the agreement.
        agreement: Uint64,
    },
    /// The agreement's account: does not want it.
    DeclineAgreement {
        /// Number of the agreement.
        agreement: Uint64,
    },
    /// Operator: setpoints of a later programme under an agreement in force, within its limits.
    UseAgreement {
        /// Number of the agreement.
        agreement: Uint64,
        /// The later programme.
        programme: u32,
        /// See [`AgreementProposal::setpoints`].
        setpoints: Binary,
    },
    /// Operator: offers tasks; their worst case is reserved in the budgets. All or none.
    OfferTasks {
        /// The programme.
        programme: u32,
        /// 1 to [`super::MAX_TASKS`]; one per account and interval for all time.
        tasks: Vec<TaskInput>,
    },
    /// Operator: raises incentives of open or declined tasks. All or none.
    RaiseTasks {
        /// 1 to [`super::MAX_TASKS`].
        raises: Vec<RaiseInput>,
    },
    /// The task's account: accepts. It becomes a commitment in `billing` at `λ`.
    AcceptTask {
        /// Number of the task.
        task: Uint64,
        /// The round that it has seen: an acceptance stands for later rounds, which pay more.
        round: u32,
    },
    /// The task's account: declines this round.
    DeclineTask {
        /// Number of the task.
        task: Uint64,
        /// The round that it has seen; a later one is not declined by this.
        round: u32,
    },
    /// Operator: energy of generators within their preferences, paid by `billing`. All or none.
    Supplement {
        /// The programme.
        programme: u32,
        /// 1 to [`super::MAX_TASKS`].
        supplements: Vec<SupplementInput>,
    },
    /// Anyone: a page of an interval's unfinished tasks. Open ones whose time is over expire, accepted
    /// ones are paid for what was delivered once the interval is final in `billing`.
    Sweep {
        /// The interval.
        interval: u32,
        /// Last task of the previous page.
        start_after: Option<Uint64>,
        /// Tasks to look at, at most [`super::MAX_PAGE`].
        limit: Option<u32>,
    },
    /// Anyone: makes a page of a ledger's statements final, once its last interval is final in
    /// `billing` and no task is unfinished. The last page compares their sum with the budget account;
    /// that of a programme closes it and leaves the rest of its budget to the operator.
    Reconcile {
        /// The ledger.
        ledger: Ledger,
        /// Statements to look at, at most [`super::MAX_PAGE`].
        limit: Option<u32>,
    },
    /// Operator: takes out what closed programmes have left over.
    Withdraw {
        /// Amount (µ), above 0.
        amount: Uint128,
        /// Who receives it; the sender unless given.
        recipient: Option<String>,
    },
}
