//! What the operator needs of chain and crowd. Energies in Wh, prices in µ/kWh, money in µ;
//! intervals count from the beginning of the programme.

use std::future::Future;

use gridweave_rules::crowdsourcing::Evidence;

use super::plan::Ahead;
use crate::AgentError;

/// Where a programme stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Preferences are taken.
    Collecting,
    /// Tasks are made; `next` is the first interval that has not begun, if there is one.
    Running {
        /// The interval.
        next: Option<u32>,
    },
    /// Every interval is metered and settled.
    Settled,
    /// Reconciled.
    Closed,
}

/// Where a task stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskState {
    /// Waits for an answer.
    Open,
    /// Its time is over without an answer, but what is reserved for it is not free yet.
    Overdue,
    /// Refused; may be raised.
    Declined,
    /// Accepted: a commitment.
    Accepted,
    /// Ended without an answer.
    Expired,
}

/// A task of a feeder and interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Task {
    /// Its number.
    pub task: u64,
    /// Position of the crowdsourcee in [`super::DayPlan::members`].
    pub member: usize,
    /// Energy.
    pub energy: u64,
    /// `λ`.
    pub price: i64,
    /// `λᵃ` now.
    pub incentive: u64,
    /// How often it was raised.
    pub round: u32,
    /// Where it stands.
    pub state: TaskState,
}

/// A feeder's tasks, supplements and budget in one interval.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    /// All tasks.
    pub tasks: Vec<Task>,
    /// Energy of supplements for the feeder.
    pub supplemented: u64,
    /// What can still be offered.
    pub free: u128,
}

/// A task to offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewTask {
    /// Position of the crowdsourcee in [`super::DayPlan::members`].
    pub member: usize,
    /// Interval.
    pub interval: u32,
    /// Energy, above 0.
    pub energy: u64,
    /// `λ`.
    pub price: i64,
    /// `λᵃ`.
    pub incentive: u64,
}

/// A raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raise {
    /// Number of the task.
    pub task: u64,
    /// The new `λᵃ`.
    pub incentive: u64,
}

/// Energy of a generator for a feeder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplement {
    /// Position in [`super::DayPlan::generators`].
    pub generator: usize,
    /// Position of the feeder.
    pub feeder: usize,
    /// Interval.
    pub interval: u32,
    /// Energy, above 0.
    pub energy: u64,
    /// Price.
    pub price: i64,
}

/// Terms of the programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProgrammeTerms {
    /// Upper end of the levels of acceptance histories.
    pub incentive_limit: u64,
    /// Largest incentive.
    pub cap: u64,
    /// How often a task may be raised.
    pub raises: u32,
    /// Largest price of a supplement.
    pub supplement_price: u64,
}

/// Chain and crowd. Each message is done whole or not at all; what was done can be queried.
pub trait Platform {
    /// Terms of the programme.
    ///
    /// # Errors
    /// When the chain does not answer.
    fn terms(&self) -> impl Future<Output = Result<ProgrammeTerms, AgentError>> + Send;

    /// Where the programme stands.
    ///
    /// # Errors
    /// As [`Self::terms`].
    fn moment(&self) -> impl Future<Output = Result<Moment, AgentError>> + Send;

    /// For each of [`super::DayPlan::ahead`], whether its agreement has been proposed.
    ///
    /// # Errors
    /// As [`Self::terms`].
    fn proposed(
        &self,
        ahead: &[Ahead],
    ) -> impl Future<Output = Result<Vec<bool>, AgentError>> + Send;

    /// A feeder's tasks, supplements and budget.
    ///
    /// # Errors
    /// As [`Self::terms`].
    fn book(
        &self,
        feeder: usize,
        interval: u32,
    ) -> impl Future<Output = Result<Book, AgentError>> + Send;

    /// What a crowdsourcee has accepted so far: energy by interval.
    ///
    /// # Errors
    /// As [`Self::terms`].
    fn accepted(
        &self,
        member: usize,
    ) -> impl Future<Output = Result<Vec<(u32, u64)>, AgentError>> + Send;

    /// What generators supplement in an interval for all feeders together. They are asked in the
    /// order of [`super::DayPlan::generators`], each for all that it has to spare before the next.
    ///
    /// # Errors
    /// As [`Self::terms`].
    fn supplied(&self, interval: u32) -> impl Future<Output = Result<u64, AgentError>> + Send;

    /// The acceptance history of a crowdsourcee.
    ///
    /// # Errors
    /// As [`Self::terms`].
    fn evidence(&self, member: usize) -> impl Future<Output = Result<Evidence, AgentError>> + Send;

    /// Proposes agreements.
    ///
    /// # Errors
    /// When the chain refuses or does not answer; so do all below.
    fn propose(&self, ahead: &[Ahead]) -> impl Future<Output = Result<(), AgentError>> + Send;

    /// Offers tasks, all or none.
    ///
    /// # Errors
    /// As [`Self::propose`].
    fn offer(&self, tasks: &[NewTask]) -> impl Future<Output = Result<(), AgentError>> + Send;

    /// Raises tasks, all or none.
    ///
    /// # Errors
    /// As [`Self::propose`].
    fn raise(&self, raises: &[Raise]) -> impl Future<Output = Result<(), AgentError>> + Send;

    /// Ends the overdue tasks of an interval.
    ///
    /// # Errors
    /// As [`Self::propose`].
    fn expire(&self, interval: u32) -> impl Future<Output = Result<(), AgentError>> + Send;

    /// Supplements, all or none.
    ///
    /// # Errors
    /// As [`Self::propose`].
    fn supplement(
        &self,
        supplements: &[Supplement],
    ) -> impl Future<Output = Result<(), AgentError>> + Send;

    /// Reconciles a page; the last one closes the programme.
    ///
    /// # Errors
    /// As [`Self::propose`].
    fn reconcile(&self) -> impl Future<Output = Result<(), AgentError>> + Send;
}
