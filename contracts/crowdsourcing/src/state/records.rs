//! Packed records and what can be done to them.

use gridweave_rules::crowdsourcing::{Evidence, LEVELS, reserve};
use gridweave_types::crowdsourcing::Totals;
use gridweave_types::packed::packed_struct;

use crate::error::{ContractError, overflow};

packed_struct! {
    /// Totals of the contract, and the last numbers given.
    pub struct Status {
        /// Accounts.
        pub accounts: u32,
        /// Programmes.
        pub programmes: u32,
        /// Agreements.
        pub agreements: u64,
        /// Tasks.
        pub tasks: u64,
        /// All budgets that came in (µ).
        pub deposited: u128,
        /// All incentives paid (µ).
        pub paid: u128,
        /// Taken out by the operator (µ).
        pub withdrawn: u128,
        /// Budgets of programmes that are not closed, less what these have paid (µ).
        pub escrow: u128,
        /// Left over by closed programmes and not taken out (µ).
        pub unspent: u128,
    }
}

packed_struct! {
    /// Money of a budget: `budget = reserved + committed + paid + free`.
    pub struct Money {
        /// What came in (µ).
        pub budget: u128,
        /// Worst case of open tasks (µ).
        pub reserved: u128,
        /// Worst case of accepted tasks that are not settled (µ).
        pub committed: u128,
        /// Paid (µ).
        pub paid: u128,
    }
}

packed_struct! {
    /// Budget of a feeder in an interval.
    pub struct BudgetRecord {
        /// Its money.
        pub money: Money,
        /// Energy of accepted tasks (Wh, injection positive).
        pub accepted: i64,
        /// Energy of supplements (Wh, injection positive).
        pub supplemented: i64,
    }
}

packed_struct! {
    /// What statements and budget accounts add up, see [`Totals`].
    pub struct SumsRecord {
        /// Tasks offered.
        pub offered: u32,
        /// Tasks accepted.
        pub accepted: u32,
        /// Answers that declined.
        pub declined: u32,
        /// Tasks that nobody answered.
        pub expired: u32,
        /// Energy of accepted tasks (Wh).
        pub energy: u64,
        /// Energy delivered of these (Wh).
        pub delivered: u64,
        /// Incentives paid (µ).
        pub paid: u128,
        /// Energy of agreements (Wh).
        pub agreed: i64,
        /// Energy of supplements (Wh).
        pub supplemented: i64,
    }
}

packed_struct! {
    /// A crowdsourcee's statement.
    pub struct StatementRecord {
        /// Whether it is counted in its ledger.
        pub counted: bool,
        /// Its sums.
        pub sums: SumsRecord,
    }
}

packed_struct! {
    /// The operator's budget account.
    pub struct LedgerRecord {
        /// Its money.
        pub money: Money,
        /// Not paid when it was reconciled (µ).
        pub unspent: u128,
        /// Tasks that are open, or accepted and not settled.
        pub open: u32,
        /// Its sums.
        pub sums: SumsRecord,
        /// Statements.
        pub statements: u32,
        /// Statements that are final.
        pub reconciled: u32,
        /// Account of the last one.
        pub cursor: u32,
        /// Sums of these.
        pub checked: SumsRecord,
        /// Whether it is reconciled.
        pub complete: bool,
    }
}

packed_struct! {
    /// What agreements and supplements have promised for an account in an interval.
    pub struct BookingRecord {
        /// The agreement; 0 without one.
        pub agreement: u64,
        /// Its energy (Wh, injection positive).
        pub agreed: i64,
        /// Energy of supplements (Wh, injection positive).
        pub supplemented: i64,
    }
}

packed_struct! {
    /// A task.
    pub struct TaskRecord {
        /// Its programme.
        pub programme: u32,
        /// Its account.
        pub account: u32,
        /// Feeder of the account.
        pub feeder: u32,
        /// The interval.
        pub interval: u32,
        /// Energy (Wh, injection positive).
        pub energy: i64,
        /// `λ` (µ/kWh).
        pub price: i64,
        /// `λᵃ` (µ/kWh).
        pub incentive: u64,
        /// How often it was raised.
        pub round: u32,
        /// Until when it may be answered (unix seconds).
        pub until: u64,
        /// See [`task_state`].
        pub state: u8,
        /// Delivered (Wh).
        pub delivered: u64,
        /// Paid (µ).
        pub paid: u128,
    }
}

packed_struct! {
    /// An acceptance history.
    pub struct AnswersRecord {
        /// Answers counted.
        pub answers: u32,
        /// Weights of acceptances by level, then those of refusals.
        pub weights: Vec<u32>,
    }
}

/// Where a task stands.
pub mod task_state {
    /// Waits for an answer.
    pub const OPEN: u8 = 0;
    /// Declined in this round.
    pub const DECLINED: u8 = 1;
    /// A commitment.
    pub const ACCEPTED: u8 = 2;
    /// Not answered in time.
    pub const EXPIRED: u8 = 3;
    /// Delivered and paid.
    pub const SETTLED: u8 = 4;

    /// In words.
    pub const fn name(state: u8) -> &'static str {
        match state {
            OPEN => "open",
            DECLINED => "declined",
            ACCEPTED => "accepted",
            EXPIRED => "expired",
            _ => "settled",
        }
    }
}

impl TaskRecord {
    /// Most that it can cost (µ).
    pub fn worst(&self) -> u128 {
        reserve(self.incentive, self.energy)
    }
}

impl Money {
    /// Neither promised nor paid (µ); `None` only by a defect.
    pub fn free(&self) -> Option<u128> {
        let rest = self.budget.checked_sub(self.reserved)?;
        rest.checked_sub(self.committed)?.checked_sub(self.paid)
    }
}

macro_rules! add_fields {
    ($sums:ident, $other:ident, $($field:ident),*) => {
        Self { $( $field: $sums.$field.checked_add($other.$field).ok_or(overflow(stringify!($field)))?, )* }
    };
}

impl SumsRecord {
    /// Sum of both.
    ///
    /// # Errors
    /// [`ContractError::Overflow`].
    pub fn plus(&self, other: &Self) -> Result<Self, ContractError> {
        Ok(add_fields!(
            self,
            other,
            offered,
            accepted,
            declined,
            expired,
            energy,
            delivered,
            paid,
            agreed,
            supplemented
        ))
    }

    /// As an answer shows it.
    pub fn show(&self) -> Totals {
        Totals {
            offered: self.offered,
            accepted: self.accepted,
            declined: self.declined,
            expired: self.expired,
            energy: self.energy.into(),
            delivered: self.delivered.into(),
            paid: self.paid.into(),
            agreed: self.agreed.into(),
            supplemented: self.supplemented.into(),
        }
    }
}

impl AnswersRecord {
    /// As the rule takes it.
    pub fn evidence(&self) -> Evidence {
        let weight = |at: usize| self.weights.get(at).copied().unwrap_or_default();
        Evidence {
            answers: self.answers,
            accepted: std::array::from_fn(weight),
            refused: std::array::from_fn(|level| weight(LEVELS + level)),
        }
    }
}

impl From<Evidence> for AnswersRecord {
    fn from(evidence: Evidence) -> Self {
        Self {
            answers: evidence.answers,
            weights: [evidence.accepted, evidence.refused].concat(),
        }
    }
}
