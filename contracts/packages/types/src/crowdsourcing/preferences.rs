//! Preferences and operational constraints `X`, C(1b), line 1 of algorithm 1.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Int64, Uint64};

use super::{Device, MAX_DEVICES, MAX_WINDOWS, Terms};
use crate::parameter::{InvalidParameter, invalid, within};

/// Intervals from `first` to `last`, both of them included.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Window {
    /// First interval.
    pub first: u32,
    /// Last interval.
    pub last: u32,
}

impl Window {
    /// Whether an interval belongs to it.
    pub const fn contains(&self, interval: u32) -> bool {
        self.first <= interval && interval <= self.last
    }
}

/// What a crowdsourcee does in one direction.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Bound {
    /// Most in one interval (Wh).
    pub energy: Uint64,
    /// Injecting: the least it wants to be paid (µ/kWh, `λ + λᵃ`). Drawing: the most it wants to pay
    /// (µ/kWh, `λ − λᵃ`).
    pub price: Int64,
}

/// Preferences of a crowdsourcee in one programme.
#[cw_serde]
#[derive(Eq)]
pub struct Preferences {
    /// When it is available; at most [`MAX_WINDOWS`], within the programme.
    pub windows: Vec<Window>,
    /// Injecting, with its floor price.
    pub export: Bound,
    /// Drawing, with its ceiling price.
    pub import: Bound,
    /// Most in the whole programme, both directions added up (Wh).
    pub energy: Uint64,
    /// Devices behind it; at most [`MAX_DEVICES`].
    pub devices: Vec<Device>,
}

impl Preferences {
    /// Whether it is available in an interval.
    pub fn available(&self, interval: u32) -> bool {
        self.windows.iter().any(|window| window.contains(interval))
    }

    /// Whether an energy (Wh, injection positive) is within its limit of one interval.
    pub fn admits(&self, energy: i64) -> bool {
        let bound = if energy < 0 { self.import } else { self.export };
        energy.unsigned_abs() <= bound.energy.u64()
    }

    /// Whether it does this energy at `price` with `incentive` on top (µ/kWh): injecting for at least
    /// its floor, drawing for at most its ceiling.
    pub fn content_with(&self, energy: i64, price: i64, incentive: u64) -> bool {
        let (price, incentive) = (i128::from(price), i128::from(incentive));
        match energy < 0 {
            true => price - incentive <= i128::from(self.import.price.i64()),
            false => price + incentive >= i128::from(self.export.price.i64()),
        }
    }
}

/// Checks sizes and ranges against a programme and the largest energy and price (Wh, µ/kWh).
///
/// # Errors
/// [`InvalidParameter`].
pub fn check_preferences(
    preferences: &Preferences,
    terms: &Terms,
    energy: u64,
    price: u64,
) -> Result<(), InvalidParameter> {
    within("windows", preferences.windows.len(), 1, MAX_WINDOWS)?;
    for window in &preferences.windows {
        within("windows.first", window.first, terms.first, terms.last())?;
        within("windows.last", window.last, window.first, terms.last())?;
    }
    check_devices(&preferences.devices)?;
    for (field, bound) in [
        ("export.energy", preferences.export),
        ("import.energy", preferences.import),
    ] {
        within(field, bound.energy.u64(), 0, energy)?;
    }
    for (field, bound) in [
        ("export.price", preferences.export),
        ("import.price", preferences.import),
    ] {
        let value = bound.price.i64();
        if value.unsigned_abs() > price {
            let expected = format!("at most {price} either way");
            return Err(invalid(field, &value, expected));
        }
    }
    let most = energy.saturating_mul(terms.length.into());
    within("energy", preferences.energy.u64(), 0, most)
}

/// Checks the devices of an enrolment or of preferences.
///
/// # Errors
/// [`InvalidParameter`].
pub fn check_devices(devices: &[Device]) -> Result<(), InvalidParameter> {
    within("devices", devices.len(), 0, MAX_DEVICES)?;
    let windows = devices.iter().filter_map(|device| device.window);
    for window in windows {
        within("devices.window.last", window.last, window.first, u32::MAX)?;
    }
    Ok(())
}

/// Answer to [`super::QueryMsg::Preferences`].
#[cw_serde]
pub struct PreferencesResponse {
    /// Chain address.
    pub account: Addr,
    /// What it prefers.
    pub preferences: Preferences,
    /// How often it has been amended.
    pub amended: u32,
    /// Promised or offered in this programme so far, both directions added up (Wh).
    pub used: Uint64,
}

/// Answer to [`super::QueryMsg::AllPreferences`].
#[cw_serde]
pub struct PreferencePage {
    /// One page.
    pub preferences: Vec<PreferencesResponse>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preferences() -> Preferences {
        Preferences {
            windows: vec![
                Window {
                    first: 10,
                    last: 12,
                },
                Window {
                    first: 20,
                    last: 20,
                },
            ],
            export: Bound {
                energy: Uint64::new(500),
                price: Int64::new(100),
            },
            import: Bound {
                energy: Uint64::new(300),
                price: Int64::new(40),
            },
            energy: Uint64::new(1_000),
            devices: Vec::new(),
        }
    }

    fn terms() -> Terms {
        Terms {
            first: 10,
            length: 24,
            preferences_until: Uint64::new(1),
            cap: Uint64::new(1),
            raises: 1,
            task_seconds: 1,
            supplement_price: Uint64::new(1),
        }
    }

    #[test]
    fn windows_and_limits_have_two_ends() {
        let x = preferences();
        let available = |t| x.available(t);
        assert_eq!(
            [9, 10, 12, 13, 20, 21].map(available),
            [false, true, true, false, true, false]
        );
        let admits = |energy| x.admits(energy);
        assert_eq!(
            [500, 501, -300, -301, i64::MIN].map(admits),
            [true, false, true, false, false]
        );
    }

    #[test]
    fn an_incentive_raises_what_is_paid_and_lowers_what_is_charged() {
        let x = preferences();
        assert!(x.content_with(1, 60, 40) && !x.content_with(1, 60, 39));
        assert!(x.content_with(-1, 60, 20) && !x.content_with(-1, 60, 19));
        assert!(x.content_with(1, i64::MAX, u64::MAX) && !x.content_with(-1, i64::MAX, 0));
    }

    #[test]
    fn what_lies_outside_the_programme_is_refused_with_its_field() {
        let refusal = |change: &dyn Fn(&mut Preferences)| {
            let mut x = preferences();
            change(&mut x);
            let checked = check_preferences(&x, &terms(), 1_000, 1_000);
            checked.map_err(|error| error.field)
        };
        assert_eq!(refusal(&|_| ()), Ok(()));
        assert_eq!(refusal(&|x| x.windows.clear()), Err("windows"));
        assert_eq!(refusal(&|x| x.windows[0].first = 9), Err("windows.first"));
        assert_eq!(refusal(&|x| x.windows[1].last = 34), Err("windows.last"));
        assert_eq!(
            refusal(&|x| x.export.energy = Uint64::new(1_001)),
            Err("export.energy")
        );
        assert_eq!(
            refusal(&|x| x.import.price = Int64::MIN),
            Err("import.price")
        );
        assert_eq!(refusal(&|x| x.energy = Uint64::MAX), Err("energy"));
    }
}
