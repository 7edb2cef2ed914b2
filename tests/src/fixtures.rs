//! Small valid inputs to start from.

use cosmwasm_std::{Addr, Binary, Uint64};
use gridweave_types::grid::{AccountInput, Branch, Feeder, METER_KEY_BYTES, Role};
use gridweave_units::Fx;

/// Root bus of every [`feeder`].
pub const ROOT: u32 = 1;

/// A feeder with root bus [`ROOT`] and limits of 5 MWh and 8 MWh per interval.
pub fn feeder(id: u32) -> Feeder {
    Feeder {
        id,
        name: format!("feeder {id}"),
        root: ROOT,
        external_limit: Uint64::new(5_000_000),
        internal_limit: Uint64::new(8_000_000),
    }
}

/// A branch of 0.01 + 0.02j pu.
pub fn branch(bus: u32, parent: u32) -> Branch {
    Branch {
        bus,
        parent,
        r: Fx::ratio(1, 100),
        x: Fx::ratio(2, 100),
    }
}

/// Branches of a chain of buses below [`ROOT`]: 2, 3, …, `count + 1`.
pub fn chain(count: u32) -> Vec<Branch> {
    (ROOT + 1..=ROOT + count)
        .map(|bus| branch(bus, bus - 1))
        .collect()
}

/// A prosumer's account without a meter key.
pub fn prosumer(address: &Addr, feeder: u32, bus: u32) -> AccountInput {
    AccountInput {
        address: address.to_string(),
        feeder,
        bus,
        role: Role::Prosumer,
        meter_key: None,
    }
}

/// A well-formed compressed key that differs for every `seed`.
pub fn meter_key(seed: u8) -> Binary {
    let mut key = [seed; METER_KEY_BYTES];
    key[0] = 2 + seed % 2;
    key.into()
}
