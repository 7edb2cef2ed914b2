//! The figures of one day, and their sums.

use gridweave_types::crowdsourcing::{TaskResponse, TaskState};

use super::books::DayBooks;
use super::day::Prediction;

/// What came of a day, or of several together. Energies in Wh, money in µ.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DayFigures {
    /// Tasks offered.
    pub tasks: usize,
    /// Of these, accepted as offered.
    pub accepted_first: usize,
    /// Accepted after a raise.
    pub accepted_after_raise: usize,
    /// Energy that was short.
    pub shortage_wh: u64,
    /// How much of it was met where and when it was short.
    pub met_wh: u64,
    /// Energy that was too much.
    pub surplus_wh: u64,
    /// How much of it was absorbed where and when it was too much.
    pub absorbed_wh: u64,
    /// What the crowd promised, to deliver or to draw.
    pub crowd_wh: u64,
    /// What generators generated beyond their setpoints.
    pub supplemented_wh: i64,
    /// Budget.
    pub budget: u128,
    /// Incentives paid.
    pub spent: u128,
    /// Spent or promised beyond a budget of a feeder and interval.
    pub overrun: u128,
    /// Largest relative distance of a linearised C(2) from its offers.
    pub relaxation_gap: f64,
    /// First offers answered.
    pub predicted: usize,
    /// How many of these were expected to be accepted.
    pub expected: f64,
    /// How many were.
    pub accepted: usize,
}

impl DayFigures {
    /// The figures of one day.
    pub fn of(day: &DayBooks) -> Self {
        let accepted = || day.tasks.iter().filter(|task| is_accepted(task));
        let first = accepted().filter(|task| task.round == 0).count();
        let (shortage_wh, met_wh) = shortage(day, false);
        let (surplus_wh, absorbed_wh) = shortage(day, true);
        let rows = || day.budgets.iter().flatten();
        let over = rows().map(|row| {
            let spent = row.reserved.u128() + row.committed.u128() + row.paid.u128();
            spent.saturating_sub(row.budget.u128())
        });
        let predictions: &[Prediction] = &day.predictions;
        Self {
            tasks: day.tasks.len(),
            accepted_first: first,
            accepted_after_raise: accepted().count() - first,
            shortage_wh,
            met_wh,
            surplus_wh,
            absorbed_wh,
            crowd_wh: accepted()
                .map(|task| task.energy.i64().unsigned_abs())
                .sum(),
            supplemented_wh: rows().map(|row| row.supplemented.i64().max(0)).sum(),
            budget: day.account.ledger.budget.u128(),
            spent: day.account.ledger.totals.paid.u128(),
            overrun: over.sum(),
            relaxation_gap: day.relaxation_gap,
            predicted: predictions.len(),
            expected: predictions.iter().map(|row| row.expected).sum(),
            accepted: predictions.iter().filter(|row| row.accepted).count(),
        }
    }

    /// The sums over `days`.
    pub fn of_all(days: &[DayBooks]) -> Self {
        let all = days.iter().map(Self::of);
        all.fold(Self::default(), |sum, day| sum.plus(&day))
    }

    fn plus(&self, other: &Self) -> Self {
        Self {
            tasks: self.tasks + other.tasks,
            accepted_first: self.accepted_first + other.accepted_first,
            accepted_after_raise: self.accepted_after_raise + other.accepted_after_raise,
            shortage_wh: self.shortage_wh + other.shortage_wh,
            met_wh: self.met_wh + other.met_wh,
            surplus_wh: self.surplus_wh + other.surplus_wh,
            absorbed_wh: self.absorbed_wh + other.absorbed_wh,
            crowd_wh: self.crowd_wh + other.crowd_wh,
            supplemented_wh: self.supplemented_wh + other.supplemented_wh,
            budget: self.budget + other.budget,
            spent: self.spent + other.spent,
            overrun: self.overrun + other.overrun,
            relaxation_gap: self.relaxation_gap.max(other.relaxation_gap),
            predicted: self.predicted + other.predicted,
            expected: self.expected + other.expected,
            accepted: self.accepted + other.accepted,
        }
    }

    /// Share of the shortage that was met (%); all of none.
    pub fn met_pct(&self) -> f64 {
        match self.shortage_wh {
            0 => 100.0,
            short => 100.0 * self.met_wh as f64 / short as f64,
        }
    }

    /// Share of the surplus that was absorbed (%), if there was any.
    pub fn absorbed_pct(&self) -> Option<f64> {
        let share = 100.0 * self.absorbed_wh as f64 / self.surplus_wh as f64;
        (self.surplus_wh > 0).then_some(share)
    }

    /// Incentives paid per MWh that the crowd promised (currency).
    pub fn per_mwh(&self) -> Option<f64> {
        (self.crowd_wh > 0).then(|| self.spent as f64 / self.crowd_wh as f64)
    }

    /// Expected share of first offers accepted, less the share that was (absolute).
    pub fn prediction_error(&self) -> Option<f64> {
        let distance = (self.expected - self.accepted as f64).abs();
        (self.predicted > 0).then(|| distance / self.predicted as f64)
    }
}

impl DayBooks {
    /// Accepted tasks of interval `t` of the day.
    pub fn accepted_at(&self, t: usize) -> impl Iterator<Item = &TaskResponse> {
        let at = self.date.first + t as u32;
        let tasks = self.tasks.iter();
        tasks.filter(move |task| task.interval == at && is_accepted(task))
    }
}

/// Mean incentive of tasks (currency per MWh), if there are any.
pub fn mean_incentive<'a>(tasks: impl Iterator<Item = &'a TaskResponse>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0usize);
    for task in tasks {
        sum += task.incentive.u64() as f64 / 1e3;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}

/// Whether a task was accepted, settled or not.
fn is_accepted(task: &TaskResponse) -> bool {
    matches!(task.state, TaskState::Accepted | TaskState::Settled)
}

/// Energy that was short, or where `surplus` too much, and how much of it was met where and when it
/// was (Wh).
fn shortage(day: &DayBooks, surplus: bool) -> (u64, u64) {
    let rows = day.plan.shortage.iter().zip(&day.budgets);
    let cells = rows.flat_map(|(short, budgets)| short.iter().zip(budgets));
    cells.fold((0, 0), |(all, met), (&short, budget)| {
        let covered = budget.accepted.i64() + budget.supplemented.i64();
        let (shorter, met_here) = match surplus {
            true => (-short, -covered),
            false => (short, covered),
        };
        let short = u64::try_from(shorter.max(0)).unwrap_or_default();
        let covered = u64::try_from(met_here.max(0)).unwrap_or_default();
        (all + short, met + short.min(covered))
    })
}
