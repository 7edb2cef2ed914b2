//! Commitments: what schedule contracts say that accounts have promised.

mod coordinator;
mod record;
mod session;

use gridweave_rules::settlement::Commitment;
use gridweave_units::{Energy, Interval, Price};

pub use record::record;
pub use session::record_session;

use crate::booking::open_line;
use crate::error::{CommitmentFault, ContractError, overflow};
use crate::events::Handover;
use crate::state::{AccountId, LINES};
use crate::tariff::Tariffs;
use crate::work::Work;

/// A commitment as the source states it.
#[derive(Clone, Copy)]
struct Row {
    interval: u32,
    /// `None` when its conversion exceeded the range.
    energy: Option<Energy>,
    /// Before the tariff; `None` when its conversion exceeded the range.
    price: Option<Price>,
}

impl Row {
    /// Interval, energy (Wh) and price (µ/kWh) as they are announced.
    fn shown(&self) -> (u32, i64, i64) {
        let energy = self.energy.unwrap_or_default();
        (self.interval, energy.0, self.price.unwrap_or_default().0)
    }
}

/// Records the commitments of one source.
struct Recorder<'a> {
    handover: Handover<'a>,
    /// Number of the source.
    source: u32,
    /// Whether its commitments for the same account and interval add.
    adds: bool,
    tariffs: Tariffs,
}

impl<'a> Recorder<'a> {
    fn new(handover: Handover<'a>, source: u32, adds: bool) -> Self {
        Self {
            handover,
            source,
            adds,
            tariffs: Tariffs::default(),
        }
    }

    /// Why an account takes no commitment of this source at all, if so.
    fn barred(&self, work: &mut Work, id: AccountId) -> Result<bool, ContractError> {
        if self.handover.paid {
            return Ok(false);
        }
        let required = work.config.collateral().u128();
        let silent = work.config.limits().silent;
        Ok(work.account(id)?.suspended(required, silent))
    }

    /// Adds commitments of one interval to the account's line, unless something is wrong with one of
    /// them.
    fn add(
        &mut self,
        work: &mut Work,
        id: AccountId,
        rows: &[Row],
    ) -> Result<Result<(), CommitmentFault>, ContractError> {
        let paid = self.handover.paid;
        let checked: Result<Vec<_>, _> = rows.iter().map(|row| check(work, row, paid)).collect();
        let (checked, interval) = match (checked, rows.first()) {
            (Ok(checked), Some(row)) => (checked, row.interval),
            (Ok(_), None) => return Ok(Ok(())),
            (Err(fault), _) => return Ok(Err(fault)),
        };
        let key = (interval, id);
        let stored = LINES.may_load(work.storage, key)?;
        let mine = 1u32 << (self.source % u32::BITS);
        let again = stored.as_ref().is_some_and(|line| line.sources & mine != 0);
        if again && !self.adds {
            return Ok(Err(CommitmentFault::Duplicate));
        }
        let mut line = match stored {
            Some(line) => line,
            None => open_line(work, key)?,
        };
        let tariff = self.tariffs.get(work.storage, interval)?;
        let mut position = line.position();
        let mut total = 0i64;
        for (energy, price) in checked {
            let price = tariff.price(Interval(interval), price)?;
            position = position.with(&Commitment {
                energy,
                price,
                paid,
            })?;
            total = total.checked_add(energy.0).ok_or(overflow("schedule"))?;
        }
        line.set_position(&position);
        line.sources |= mine;
        LINES.save(work.storage, key, &line);
        count(work, key, total)?;
        Ok(Ok(()))
    }
}

fn check(work: &Work, row: &Row, paid: bool) -> Result<(Energy, Price), CommitmentFault> {
    let timeline = work.config.timeline();
    let limits = work.config.limits();
    let interval = Interval(row.interval);
    if timeline.commits_until(interval, paid) <= work.now {
        return Err(match paid {
            true => CommitmentFault::Ended,
            false => CommitmentFault::Late,
        });
    }
    let present = timeline.clock.interval_at(work.now).unwrap_or_default();
    if interval.0 > present.0.saturating_add(limits.ahead) {
        return Err(CommitmentFault::Ahead);
    }
    let energy = row
        .energy
        .filter(|energy| energy.0.unsigned_abs() <= limits.energy.u64())
        .ok_or(CommitmentFault::Energy)?;
    let price = row
        .price
        .filter(|price| price.0.unsigned_abs() <= limits.price.u64())
        .ok_or(CommitmentFault::Price)?;
    Ok((energy, price))
}

/// Adds an energy to the totals.
fn count(work: &mut Work, key: (u32, AccountId), energy: i64) -> Result<(), ContractError> {
    let (interval, id) = key;
    let reach = interval.saturating_add(1);
    work.books.committed_until = work.books.committed_until.max(reach);
    let period = work.config.period_of(interval);
    let totals = &mut work.interval(interval)?.scheduled;
    *totals = totals.checked_add(energy).ok_or(overflow("schedule"))?;
    let statement = &mut work.statement((period, id))?.scheduled;
    *statement = statement.checked_add(energy).ok_or(overflow("schedule"))?;
    Ok(())
}
