//! Addresses as a market's events show them.

use std::collections::BTreeMap;

use gridweave_types::event::ACTION;
use gridweave_units::IntervalSet;

use super::sighting::{Moment, Sighting};
use crate::event::Fields;
use crate::{AuditError, LoggedEvent};

/// Energy (Wh, what is sold positive) by interval and name.
type Energies<'a> = BTreeMap<u32, BTreeMap<&'a str, i64>>;

/// Every address that was given a permit, in the order of the addresses.
///
/// # Errors
/// An event is not as documented.
pub fn sightings(events: &[LoggedEvent]) -> Result<Vec<Sighting>, AuditError> {
    let mut seen: BTreeMap<&str, Sighting> = BTreeMap::new();
    let (mut claims, mut credits) = (Energies::new(), Energies::new());
    for (event, order) in events.iter().zip(0..) {
        let fields = Fields::of(event);
        let moment = Moment {
            time: event.time,
            order,
        };
        let name = match event.name() {
            Some(name) => name,
            None => fields.optional(ACTION)?.unwrap_or_default(),
        };
        match (name, event.name().is_some()) {
            ("asset_added", true) => issued(&mut seen, fields, moment)?,
            ("offer_posted", false) => {
                if let Some(one) = seen.get_mut(fields.text("owner")?) {
                    one.posted.get_or_insert(moment);
                }
            }
            ("energy_deposited", true) => claimed(&mut claims, fields)?,
            ("commitments_recorded", true) => credited(&mut credits, fields)?,
            _ => {}
        }
    }
    for (address, account) in accounts(&claims, &credits) {
        if let Some(one) = seen.get_mut(address) {
            one.account = Some(account.to_owned());
        }
    }
    Ok(seen.into_values().collect())
}

fn issued<'a>(
    seen: &mut BTreeMap<&'a str, Sighting>,
    fields: Fields<'a>,
    moment: Moment,
) -> Result<(), AuditError> {
    let holder = fields.text("holder")?;
    let intervals: IntervalSet = fields.number("intervals")?;
    let first = intervals.first().0;
    let new = Sighting {
        address: holder.to_owned(),
        feeder: fields.number("feeder")?,
        side: fields.text("side")?.to_owned(),
        period: first,
        energy: 0,
        permits: 0,
        intervals: 0,
        issued: moment,
        posted: None,
        account: None,
        payer: None,
    };
    let energy: u64 = fields.number("energy")?;
    let one = seen.entry(holder).or_insert(new);
    one.period = one.period.min(first);
    one.energy = one.energy.saturating_add(energy);
    one.permits = one.permits.saturating_add(1);
    one.intervals = one.intervals.saturating_add(intervals.len());
    Ok(())
}

fn claimed<'a>(claims: &mut Energies<'a>, fields: Fields<'a>) -> Result<(), AuditError> {
    let energy: i64 = fields.number("energy")?;
    let signed = match fields.text("side")? {
        "sell" => energy,
        "buy" => -energy,
        other => return Err(fields.wrong("side", other, "'sell' or 'buy'")),
    };
    let of = claims.entry(fields.number("interval")?).or_default();
    let sum = of.entry(fields.text("holder")?).or_default();
    *sum = sum.saturating_add(signed);
    Ok(())
}

fn credited<'a>(credits: &mut Energies<'a>, fields: Fields<'a>) -> Result<(), AuditError> {
    if !fields.truth("paid")? {
        return Ok(());
    }
    let account = fields.text("account")?;
    let energies = fields.longs("energies")?;
    for (interval, energy) in fields.intervals("intervals")?.into_iter().zip(energies) {
        let sum = credits
            .entry(interval)
            .or_default()
            .entry(account)
            .or_default();
        *sum = sum.saturating_add(energy);
    }
    Ok(())
}

/// For each address the account whose credits equal its claims most often, where that is exactly one.
fn accounts<'a>(claims: &Energies<'a>, credits: &Energies<'a>) -> BTreeMap<&'a str, &'a str> {
    let mut votes: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (interval, claims) in claims {
        let credits = credits.get(interval).into_iter().flatten();
        let mut by_energy: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
        for (account, energy) in credits {
            by_energy.entry(*energy).or_default().push(account);
        }
        for (address, energy) in claims {
            if let Some([account]) = by_energy.get(energy).map(Vec::as_slice) {
                *votes
                    .entry(address)
                    .or_default()
                    .entry(account)
                    .or_default() += 1;
            }
        }
    }
    let winner = |(address, votes): (&'a str, BTreeMap<&'a str, usize>)| {
        let most = votes.values().copied().max()?;
        let mut first = votes.into_iter().filter(|(_, count)| *count == most);
        let (account, _) = first.next()?;
        first.next().is_none().then_some((address, account))
    };
    votes.into_iter().filter_map(winner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(kind: &str, time: u64, attributes: &[(&str, &str)]) -> LoggedEvent {
        let owned = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        LoggedEvent {
            height: time,
            time,
            contract: "contract".into(),
            kind: kind.into(),
            attributes: attributes.iter().map(owned).collect(),
        }
    }

    fn permit(holder: &str, intervals: &str, energy: &str, time: u64) -> LoggedEvent {
        let attributes = [
            ("holder", holder),
            ("side", "buy"),
            ("feeder", "3"),
            ("intervals", intervals),
            ("energy", energy),
        ];
        event("wasm-asset_added", time, &attributes)
    }

    fn deposit(holder: &str, energy: &str) -> LoggedEvent {
        let attributes = [
            ("holder", holder),
            ("side", "buy"),
            ("feeder", "3"),
            ("interval", "7"),
            ("energy", energy),
        ];
        event("wasm-energy_deposited", 40, &attributes)
    }

    #[test]
    fn an_address_is_what_its_events_say() {
        let log = [
            permit("a", "7-9", "300", 10),
            permit("a", "8", "50", 11),
            permit("b", "7", "20", 12),
            event("wasm", 20, &[("action", "offer_posted"), ("owner", "a")]),
            event("wasm", 30, &[("action", "offer_posted"), ("owner", "a")]),
            event(
                "wasm",
                30,
                &[("action", "offer_posted"), ("owner", "stranger")],
            ),
            event("transfer", 30, &[("amount", "1")]),
        ];
        let seen = sightings(&log).unwrap();
        assert_eq!(seen.len(), 2);
        let one = &seen[0];
        assert_eq!(
            (one.period, one.energy, one.permits, one.intervals),
            (7, 350, 2, 4)
        );
        assert_eq!(one.issued, Moment { time: 10, order: 0 });
        assert_eq!(one.posted, Some(Moment { time: 20, order: 3 }));
        assert_eq!(seen[1].posted, None);
    }

    #[test]
    fn claims_lead_to_the_account_that_is_credited_as_much_and_no_other() {
        let packed =
            |value: i64| cosmwasm_std::Binary::from(value.to_le_bytes().to_vec()).to_base64();
        let interval = cosmwasm_std::Binary::from(7u32.to_le_bytes().to_vec()).to_base64();
        let credit = |account: &str, energy: i64| {
            let energies = packed(energy);
            let attributes = [
                ("account", account),
                ("paid", "true"),
                ("intervals", interval.as_str()),
                ("energies", energies.as_str()),
            ];
            event("wasm-commitments_recorded", 50, &attributes)
        };
        let log = [
            permit("a", "7", "300", 10),
            permit("b", "7", "300", 10),
            permit("c", "7", "300", 10),
            deposit("a", "120"),
            deposit("b", "80"),
            deposit("c", "80"),
            credit("home-1", -120),
            credit("home-2", -80),
            credit("home-3", -80),
        ];
        let seen = sightings(&log).unwrap();
        let accounts: Vec<_> = seen.iter().map(|one| one.account.as_deref()).collect();
        assert_eq!(accounts, [Some("home-1"), None, None]);
    }

    #[test]
    fn a_damaged_event_is_named() {
        let error = sightings(&[permit("a", "seven", "300", 10)]).unwrap_err();
        assert!(
            error.to_string().contains("'intervals' is 'seven'"),
            "{error}"
        );
    }
}
