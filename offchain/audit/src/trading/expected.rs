//! What one contract has sent to another, and whether it arrived.

use std::collections::BTreeMap;

use gridweave_types::assets::{ClaimClass, PermitClass, Side};

use super::announced::Announced;
use super::review::Review;
use crate::AuditError;

/// A settled trade: seller's and buyer's offers, energy (Wh), payment (µ).
pub(crate) type SettledTrade = (u64, u64, u64, u128);

/// A message that must come next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expected {
    Locked {
        offer: u64,
        holder: String,
        class: PermitClass,
        energy: u64,
        money: u128,
    },
    Settled {
        interval: u32,
        trades: Vec<SettledTrade>,
    },
    Released {
        offers: Vec<u64>,
    },
    ToppedUp {
        account: String,
        amount: u128,
    },
    Recorded(Credited),
}

/// Deposits that were credited.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Credited {
    /// Commitments that they became.
    pub commitments: usize,
    /// What was credited of which deposits: energy (Wh) and price (µ/kWh).
    pub classes: BTreeMap<ClaimClass, (u64, u64)>,
}

impl Expected {
    /// Action that it is announced by.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "locked",
            Self::Settled { .. } => "trades_settled",
            Self::Released { .. } => "locks_released",
            Self::ToppedUp { .. } => "topped_up",
            Self::Recorded(_) => "commitments_recorded",
        }
    }

    /// The message in this form.
    fn of(message: &Announced) -> Result<Option<Self>, AuditError> {
        let fields = &message.response;
        Ok(Some(match &*message.name {
            "locked" => Self::Locked {
                offer: fields.number("offer")?,
                holder: fields.owned("holder")?,
                class: fields.permit("intervals")?,
                energy: fields.number("energy")?,
                money: fields.number("money")?,
            },
            "trades_settled" => Self::Settled {
                interval: fields.number("interval")?,
                trades: settled(message)?,
            },
            "locks_released" => Self::Released {
                offers: fields.words("offers")?,
            },
            "topped_up" => Self::ToppedUp {
                account: fields.owned("account")?,
                amount: fields.number("amount")?,
            },
            _ => return Ok(None),
        }))
    }
}

/// The trades of a `trades_settled`.
pub(crate) fn settled(message: &Announced) -> Result<Vec<SettledTrade>, AuditError> {
    let fields = &message.response;
    let (sellers, buyers) = (fields.words("sellers")?, fields.words("buyers")?);
    let (energies, payments) = (fields.words("energies")?, fields.wide_words("payments")?);
    let count = sellers.len();
    for (key, found) in [
        ("buyers", buyers.len()),
        ("energies", energies.len()),
        ("payments", payments.len()),
    ] {
        if found != count {
            let expected = format!("{count} numbers, one for each seller");
            return Err(fields.wrong(key, &format!("{found} numbers"), &expected));
        }
    }
    let offers = sellers.into_iter().zip(buyers);
    let amounts = energies.into_iter().zip(payments);
    Ok(offers
        .zip(amounts)
        .map(|((seller, buyer), (energy, payment))| (seller, buyer, energy, payment))
        .collect())
}

/// Compares a message with the one that had to come.
pub(crate) fn compare(
    expected: Option<Expected>,
    message: &Announced,
    review: &mut Review,
) -> Result<(), AuditError> {
    let found = Expected::of(message)?;
    if found != expected || found.is_none() {
        let shown = |message: &Option<Expected>| match message {
            Some(message) => format!("{message:?}"),
            None => "nothing".into(),
        };
        review.differ("message", shown(&found), shown(&expected));
    }
    Ok(())
}

/// Commitments that `billing` recorded for `assets`.
pub(crate) struct Recorded {
    /// Interval, energy (Wh, sold above 0) and price (µ/kWh).
    rows: Vec<(u32, i64, i64)>,
}

impl Recorded {
    pub fn of(message: &Announced) -> Result<Self, AuditError> {
        let mut rows = Vec::new();
        for detail in &message.details {
            if detail.name()? != "commitments_recorded" {
                continue;
            }
            let intervals = detail.intervals("intervals")?;
            let energies = detail.longs("energies")?;
            let prices = detail.longs("prices")?;
            let values = energies.into_iter().zip(prices);
            let own = intervals.into_iter().zip(values);
            rows.extend(own.map(|(interval, (energy, price))| (interval, energy, price)));
        }
        Ok(Self { rows })
    }

    /// Whose deposits those of a feeder are, the operator alone knows; so sums by interval are
    /// compared, and each price with those it can be made of.
    pub fn compare(&self, wanted: &Credited, review: &mut Review) {
        let count = wanted.commitments;
        review.same("commitments", self.rows.len(), count);
        let mut nets: BTreeMap<u32, i128> = BTreeMap::new();
        for (class, (energy, _)) in &wanted.classes {
            let signed = match class.side {
                Side::Sell => i128::from(*energy),
                Side::Buy => -i128::from(*energy),
            };
            *nets.entry(class.interval).or_default() += signed;
        }
        let mut recorded: BTreeMap<u32, i128> = BTreeMap::new();
        for &(interval, energy, price) in &self.rows {
            *recorded.entry(interval).or_default() += i128::from(energy);
            review.of_interval(interval);
            let possible = wanted.allows(interval, energy, price);
            review.holds("price", possible, "a price of the deposits credited");
        }
        for interval in nets.keys().chain(recorded.keys()) {
            review.of_interval(*interval);
            let of = |sums: &BTreeMap<u32, i128>| sums.get(interval).copied().unwrap_or_default();
            review.same("energy", of(&recorded), of(&nets));
        }
    }
}

impl Credited {
    /// Whether a commitment may have this price: that of deposits of its side, or, where a feeder had
    /// deposits of both sides, one between them.
    fn allows(&self, interval: u32, energy: i64, price: i64) -> bool {
        let of = |side, feeder: Option<u32>| {
            let rows = self.classes.iter().filter(move |(class, _)| {
                class.interval == interval
                    && class.side == side
                    && feeder.is_none_or(|feeder| feeder == class.feeder)
            });
            rows.map(|(class, (_, price))| (class.feeder, i128::from(*price)))
        };
        let price = i128::from(price);
        let own = match energy {
            1.. => Some(Side::Sell),
            0 => None,
            _ => Some(Side::Buy),
        };
        let plain = own.is_some_and(|side| of(side, None).any(|(_, known)| known == price));
        plain
            || of(Side::Sell, None).any(|(feeder, sold)| {
                of(Side::Buy, Some(feeder))
                    .any(|(_, bought)| (sold.min(bought)..=sold.max(bought)).contains(&price))
            })
    }
}
