//! Homes of a scenario: measured profiles and devices that the seed decides. Each kind of device
//! draws from its own stream of the seed and draws for every home in order, whether the home gets the
//! device or not, so that changing one kind moves no other and more homes do not change the first.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::community::{Hvac, Prosumer, Shiftable, Storage, daily_windows};
use super::document::{DevicesTable, Document};
use crate::scenario::measured::{HOMES, Measured};

/// Days between two uses of the same measured home: weekdays stay weekdays.
const WEEK: u32 = 7;

/// Streams of the seed; the numbers are part of what a seed means.
#[derive(Clone, Copy)]
enum Stream {
    Load = 11,
    Solar = 12,
    Storage = 13,
    Shifting = 14,
    Hvac = 15,
}

fn stream(seed: u64, stream: Stream) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(stream as u64);
    rng
}

/// A number of the range; checked before, so that it is not empty.
fn between(rng: &mut ChaCha8Rng, [low, high]: [f64; 2]) -> f64 {
    low + (high - low) * rng.random::<f64>()
}

/// A number of the range with probability `share`.
fn perhaps(rng: &mut ChaCha8Rng, share: f64, range: [f64; 2]) -> Option<f64> {
    let (has, value) = (rng.random::<f64>() < share, between(rng, range));
    has.then_some(value)
}

/// Draws the homes.
pub(super) struct Dice<'a> {
    document: &'a Document,
    year: &'a Measured,
    cools: bool,
    load: ChaCha8Rng,
    solar: ChaCha8Rng,
    storage: ChaCha8Rng,
    shifting: ChaCha8Rng,
    hvac: ChaCha8Rng,
}

impl<'a> Dice<'a> {
    /// Dice for a checked document; `cools` says what the HVAC is for.
    pub fn new(document: &'a Document, year: &'a Measured, cools: bool) -> Self {
        let seed = document.seed;
        Self {
            document,
            year,
            cools,
            load: stream(seed, Stream::Load),
            solar: stream(seed, Stream::Solar),
            storage: stream(seed, Stream::Storage),
            shifting: stream(seed, Stream::Shifting),
            hvac: stream(seed, Stream::Hvac),
        }
    }

    /// Home `index`; call in ascending order.
    pub fn home(&mut self, index: usize) -> Prosumer {
        let (document, devices) = (self.document, &self.document.devices);
        let measured = index % HOMES;
        let hours = 0..document.horizon;
        // A remainder of 365 and a week count of few homes fit.
        let first = document.prosumers.day + WEEK * (index / HOMES) as u32;
        let factor = between(&mut self.load, document.prosumers.load_factor);
        let part = devices.shiftable_part;
        let load = |t| factor * self.year.home(measured, first, t);
        let base_kw = hours.clone().map(|t| (1.0 - part) * load(t)).collect();
        let shift_preferred_kw = hours.clone().map(|t| part * load(t)).collect();
        let solar = perhaps(&mut self.solar, devices.solar_share, devices.solar_kwp);
        let day = document.prosumers.day;
        let sun = |kwp: f64| {
            let power = |t| kwp * self.year.home_solar(measured, day, t);
            hours.clone().map(power).collect()
        };
        let capacity = perhaps(
            &mut self.storage,
            devices.storage_share,
            devices.storage_kwh,
        );
        Prosumer {
            // Homes count from 1; there are at most 10,000.
            home: index as u32 + 1,
            base_kw,
            grid_max_kw: devices.grid_max_kw,
            grid_peak_kw: 0.0,
            trade_max_kw: devices.trade_max_kw,
            hvac: Some(hvac(&mut self.hvac, devices, self.cools)),
            shiftable: Some(Shiftable {
                shift_preferred_kw,
                shift_windows: daily_windows(document.horizon, 1.0),
                shift_owed_kwh: 0.0,
                omega_s: between(&mut self.shifting, devices.omega_s),
            }),
            renewable_kw: solar.map(sun),
            feed_in: true,
            demand_response: true,
            dr_baseline_kw: None,
            storage: capacity.map(|energy| storage(devices, energy)),
        }
    }
}

fn hvac(rng: &mut ChaCha8Rng, devices: &DevicesTable, cools: bool) -> Hvac {
    let sign = if cools { -1.0 } else { 1.0 };
    Hvac {
        hvac_max_kw: devices.hvac_max_kw,
        rc_h: devices.rc_h,
        gamma_c_per_kw: sign * devices.gamma_c_per_kw,
        temp_start_c: devices.temp_start_c,
        temp_min_c: devices.temp_range_c[0],
        temp_max_c: devices.temp_range_c[1],
        temp_range_intervals: None,
        temp_ref_c: between(rng, devices.temp_ref_c),
        omega_ac: between(rng, devices.omega_ac),
    }
}

fn storage(devices: &DevicesTable, energy_kwh: f64) -> Storage {
    let power_kw = energy_kwh / devices.storage_hours;
    Storage {
        energy_kwh,
        power_kw,
        discharge_power_kw: power_kw,
        eta_charge: devices.storage_efficiency,
        eta_discharge: devices.storage_efficiency,
        soc_min: devices.storage_soc[0],
        soc_max: devices.storage_soc[1],
        soc_start: devices.storage_soc_ends,
        soc_end: devices.storage_soc_ends,
        wear: devices.storage_wear,
    }
}
