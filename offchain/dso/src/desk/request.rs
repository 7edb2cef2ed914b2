//! Requests (`withdrawAssets`) and what is checked before one is written down.

use gridweave_chain::Chain;
use gridweave_types::assets::{PermitClass, Side};
use gridweave_units::{Interval, IntervalSet};
use rusqlite::Result as Sqlite;

use super::outlook::Outlook;
use super::{Dso, Step};
use crate::ledger::{Booking, MOST_ENERGY, Participant, View, WithdrawalRecord};
use crate::{DsoError, Refusal, RefusalKind};

/// Longest reference (bytes).
const LONGEST_REFERENCE: usize = 64;

/// What a participant asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Address that is to receive; a fresh one.
    pub holder: String,
    /// What it is to be allowed to offer.
    pub class: PermitClass,
    /// Energy (Wh), above 0.
    pub energy: u64,
    /// Money (µ); 0 to sell.
    pub money: u128,
    /// The participant's own name for the request: asking again under the same name asks for the
    /// same thing, not for more. At most 64 bytes.
    pub reference: Option<String>,
}

impl<C: Chain> Dso<C> {
    /// Writes the request of `account` down. The answer says whether it waits for the next batch or
    /// was refused, with the limit that it exceeds.
    ///
    /// # Errors
    /// [`DsoError::Refused`] for an unknown account, a request that is not what it must be, or
    /// another one under the same reference; [`DsoError::Chain`], [`DsoError::Ledger`].
    pub async fn request(
        &self,
        account: &str,
        request: &Request,
    ) -> Result<WithdrawalRecord, DsoError> {
        let participant = self.ledger.participant(account)?.ok_or_else(|| {
            let expected = "the account of a participant";
            Refusal::new(RefusalKind::Unknown, "account", account, expected)
        })?;
        check_form(request)?;
        if let Some(known) = self.known(account, request)? {
            return Ok(known);
        }
        if self.ledger.participant(&request.holder)?.is_some() {
            let expected = "a fresh address and not an account";
            return Err(invalid("holder", &request.holder, expected).into());
        }
        let outlook = self.trusted_outlook(&participant, request).await?;
        self.reach(Step::Book)?;
        let booking = Booking {
            account: account.into(),
            reference: request.reference.clone(),
            holder: request.holder.clone(),
            class: request.class,
            energy: request.energy,
            money: request.money,
        };
        let record = self.ledger.book(&booking, |view| {
            self.examine(&participant, request, &outlook, view)
        })?;
        tracing::info!(id = record.id, state = ?record.state, reason = record.reason, "withdrawal");
        Ok(record)
    }

    /// What is known of the chain; of the present block where the request would be refused otherwise.
    async fn trusted_outlook(
        &self,
        participant: &Participant,
        request: &Request,
    ) -> Result<Outlook, DsoError> {
        let outlook = self.outlook(request.class).await?;
        let check = |view: &View<'_>| self.examine(participant, request, &outlook, view);
        if outlook.is_fresh || self.ledger.check(check)?.is_ok() {
            return Ok(outlook);
        }
        self.look_again().await;
        self.outlook(request.class).await
    }

    /// The same request, if it was made before.
    fn known(
        &self,
        account: &str,
        request: &Request,
    ) -> Result<Option<WithdrawalRecord>, DsoError> {
        let Some(reference) = &request.reference else {
            return Ok(None);
        };
        let known = self.ledger.withdrawal_called(account, reference)?;
        let differs = known.as_ref().is_some_and(|known| {
            let asked = (
                &request.holder,
                request.class,
                request.energy,
                request.money,
            );
            asked != (&known.holder, known.class, known.energy, known.money)
        });
        if differs {
            let expected = "another name, since it stands for another request";
            let kind = RefusalKind::Conflict;
            return Err(Refusal::new(kind, "reference", reference, expected).into());
        }
        Ok(known)
    }

    /// Whether the intervals of `class` can still be used.
    pub(super) fn in_time(&self, class: PermitClass, now: u64, next: u32) -> Result<(), String> {
        let (set, last) = (class.intervals, class.intervals.last().0);
        if let Some(reason) = self.times.begun(class, now) {
            return Err(reason);
        }
        let end = next.saturating_add(self.times.horizon);
        if last < next || last >= end {
            return Err(format!(
                "intervals is {set}: the last must be from {next} to {}",
                end.saturating_sub(1)
            ));
        }
        Ok(())
    }

    /// All that can be wrong with a request; the reason is the first thing that is.
    fn examine(
        &self,
        participant: &Participant,
        request: &Request,
        outlook: &Outlook,
        view: &View<'_>,
    ) -> Sqlite<Result<(), String>> {
        let (class, account) = (request.class, &participant.account);
        if view
            .account_of(&request.holder)?
            .is_some_and(|owner| owner != *account)
        {
            return Ok(Err(format!(
                "holder is {}, expected an address that is in no other use",
                request.holder
            )));
        }
        if class.feeder != participant.feeder {
            return Ok(Err(format!(
                "feeder is {}, expected {}, the account's own",
                class.feeder, participant.feeder
            )));
        }
        if let Err(reason) = self.in_time(class, outlook.now, outlook.next) {
            return Ok(Err(reason));
        }
        let (open, most) = (
            view.open(account, outlook.next)?,
            self.policy.open_withdrawals,
        );
        if open >= most {
            return Ok(Err(format!(
                "account has {open} open withdrawals, expected fewer than {most}"
            )));
        }
        if let Err(reason) = examine_energy(participant, request, outlook, view)? {
            return Ok(Err(reason));
        }
        let purse = view.purse(account)?;
        if request.money > purse {
            return Ok(Err(format!(
                "money is {} µ, the purse holds {purse} µ",
                request.money
            )));
        }
        Ok(Ok(()))
    }
}

/// Whether the participant's limit and that of its feeder have room for the request.
fn examine_energy(
    participant: &Participant,
    request: &Request,
    outlook: &Outlook,
    view: &View<'_>,
) -> Sqlite<Result<(), String>> {
    let class = request.class;
    let first = class.intervals.first().0;
    let held = view.held(&participant.account, class.side, first)?;
    let own = match class.side {
        Side::Sell => participant.sell_limit,
        Side::Buy => participant.buy_limit,
    };
    if let Err(reason) = within(request, &held, |_| 0, own, "the participant's limit") {
        return Ok(Err(reason));
    }
    let Some(limit) = outlook.limit() else {
        return Ok(Ok(()));
    };
    let promised = view.promised(class.feeder, class.side, first)?;
    let issued = |interval| outlook.issued(interval);
    Ok(within(
        request,
        &promised,
        issued,
        limit,
        "the feeder's limit",
    ))
}

/// Whether there is room for the request below `limit` in each of its intervals, beside what others
/// have there.
fn within(
    request: &Request,
    others: &[(IntervalSet, u64)],
    more: impl Fn(u32) -> u64,
    limit: u64,
    whose: &str,
) -> Result<(), String> {
    for interval in request.class.intervals.iter() {
        let held = more(interval.0).saturating_add(sum_at(others, interval));
        if held.saturating_add(request.energy) > limit {
            return Err(format!(
                "energy is {} Wh: with {held} Wh in interval {} it exceeds {whose} of {limit} Wh",
                request.energy, interval.0
            ));
        }
    }
    Ok(())
}

fn sum_at(others: &[(IntervalSet, u64)], interval: Interval) -> u64 {
    let there = others.iter().filter(|(set, _)| set.contains(interval));
    there.fold(0, |sum: u64, (_, energy)| sum.saturating_add(*energy))
}

fn check_form(request: &Request) -> Result<(), Refusal> {
    if !(1..=MOST_ENERGY).contains(&request.energy) {
        let expected = format!("1 to {MOST_ENERGY} Wh");
        return Err(invalid("energy", request.energy, expected));
    }
    if request.class.side == Side::Sell && request.money > 0 {
        return Err(invalid(
            "money",
            request.money,
            "0 µ, which is what selling takes",
        ));
    }
    let reference = request.reference.as_deref().unwrap_or("none");
    if reference.is_empty() || reference.len() > LONGEST_REFERENCE {
        let expected = format!("1 to {LONGEST_REFERENCE} bytes");
        return Err(invalid("reference", reference, expected));
    }
    let holder = &request.holder;
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if !(8..=128).contains(&holder.len()) || !holder.bytes().all(plain) {
        return Err(invalid("holder", holder, "an address of the chain"));
    }
    Ok(())
}

fn invalid(field: &'static str, value: impl ToString, expected: impl Into<String>) -> Refusal {
    Refusal::new(RefusalKind::Invalid, field, value, expected)
}
