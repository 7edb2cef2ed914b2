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
    /// Energy, negative to be drawn.
    pub energy: i64,
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
    /// Energy of supplements for the feeder, negative not to be generated.
    pub supplemented: i64,
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
    /// Energy, negative to be drawn; not 0.
    pub energy: i64,
    /// `λ`.
    pub price: i64,
    /// `λᵃ`.
    pub incentive: u64,
}

/// Somebody who can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Position of a crowdsourcee in [`super::DayPlan::members`].
    Member(usize),
    /// Position in [`super::DayPlan::generators`].
    Generator(usize),
}

/// What preferences admit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admitted {
    /// Most energy in the interval (Wh).
    pub interval: u64,
    /// What is left of the programme's energy (Wh).
    pub left: u64,
    /// Least price, injecting, or largest, drawing.
    pub price: i64,
}

impl Admitted {
    /// Most that can be asked (Wh).
    pub fn energy(&self) -> u64 {
        self.interval.min(self.left)
    }
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
    /// Energy, negative not to be generated; not 0.
    pub energy: i64,
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
    ) -> impl Future<Output = Result<Vec<(u32, i64)>, AgentError>> + Send;

    /// What somebody's preferences admit now in an interval beyond what is offered and promised, to
    /// inject or, where there is a `surplus`, to draw; `None` of those who do not take part (any more).
    ///
    /// # Errors
    /// As [`Self::terms`].
    fn admitted(
        &self,
        who: Who,
        interval: u32,
        surplus: bool,
    ) -> impl Future<Output = Result<Option<Admitted>, AgentError>> + Send;

    /// What a generator supplements in an interval for all feeders together.
    ///
    /// # Errors
    /// As [`Self::terms`].
    fn supplied(
        &self,
        generator: usize,
        interval: u32,
    ) -> impl Future<Output = Result<i64, AgentError>> + Send;

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
