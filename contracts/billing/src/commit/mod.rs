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

    /// Adds one commitment to the account's line, unless something is wrong with it.
    fn add(
        &mut self,
        work: &mut Work,
        id: AccountId,
        row: &Row,
    ) -> Result<Result<(), CommitmentFault>, ContractError> {
        let (energy, price) = match check(work, row, self.handover.paid) {
            Ok(checked) => checked,
            Err(fault) => return Ok(Err(fault)),
        };
        let key = (row.interval, id);
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
        let tariff = self.tariffs.get(work.storage, row.interval)?;
        let commitment = Commitment {
            energy,
            price: tariff.price(Interval(row.interval), price)?,
            paid: self.handover.paid,
        };
        line.set_position(&line.position().with(&commitment)?);
        line.sources |= mine;
        LINES.save(work.storage, key, &line);
        count(work, key, energy.0)?;
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
