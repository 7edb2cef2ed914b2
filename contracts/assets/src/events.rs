//! Attributes of events; `gridweave_types::event` lists them all.

use cosmwasm_std::{Addr, Binary, Event, Response};
use gridweave_types::assets::{ClaimClass, Payee, Payout, PermitClass, Side};
use gridweave_types::event::ACTION;
use gridweave_types::packed::Packed;

/// A response that says what was done.
pub fn done(action: &str) -> Response {
    Response::new().add_attribute(ACTION, action)
}

/// Name of a side.
pub const fn side(side: Side) -> &'static str {
    match side {
        Side::Sell => "sell",
        Side::Buy => "buy",
    }
}

/// Attributes of a permit.
pub fn permit(class: &PermitClass) -> [(&'static str, String); 3] {
    [
        ("side", side(class.side).into()),
        ("feeder", class.feeder.to_string()),
        ("intervals", class.intervals.to_string()),
    ]
}

/// Attributes of a claim.
pub fn claim(class: &ClaimClass) -> [(&'static str, String); 3] {
    [
        ("side", side(class.side).into()),
        ("feeder", class.feeder.to_string()),
        ("interval", class.interval.to_string()),
    ]
}

/// A permit was issued: the paper's `AssetAdded`.
pub fn asset_added(holder: &Addr, class: &PermitClass, energy: u64) -> Event {
    Event::new("asset_added")
        .add_attribute("holder", holder)
        .add_attributes(permit(class))
        .add_attribute("energy", energy.to_string())
}

/// A part of a permit was narrowed.
pub fn permit_narrowed(
    holder: &Addr,
    from: &PermitClass,
    into: &PermitClass,
    energy: u64,
) -> Event {
    Event::new("permit_narrowed")
        .add_attribute("holder", holder)
        .add_attributes(permit(into))
        .add_attribute("from", from.intervals.to_string())
        .add_attribute("energy", energy.to_string())
}

/// A claim was deposited: the paper's `EnergyDeposited`.
pub fn energy_deposited(holder: &Addr, class: &ClaimClass, energy: u64) -> Event {
    Event::new("energy_deposited")
        .add_attribute("holder", holder)
        .add_attributes(claim(class))
        .add_attribute("energy", energy.to_string())
}

/// Deposits were credited to accounts, at this price (µ/kWh).
pub fn deposit_credited(class: &ClaimClass, energy: u64, price: u64) -> Event {
    Event::new("deposit_credited")
        .add_attributes(claim(class))
        .add_attribute("energy", energy.to_string())
        .add_attribute("price", price.to_string())
}

/// A payment was sent.
pub fn paid(name: &str, payout: &Payout) -> Event {
    let (kind, payee) = match &payout.payee {
        Payee::Address(address) => ("address", address),
        Payee::Account(account) => ("account", account),
    };
    Event::new(name)
        .add_attribute("kind", kind)
        .add_attribute("payee", payee)
        .add_attribute("amount", payout.amount)
}

/// Numbers packed little endian, as base64.
pub fn packed<T: Packed>(numbers: impl Iterator<Item = T>) -> String {
    let mut bytes = Vec::new();
    for number in numbers {
        number.put(&mut bytes);
    }
    Binary::from(bytes).to_base64()
}
