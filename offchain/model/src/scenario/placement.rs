//! Random placement of devices. Each kind draws from its own stream of the seed and draws for
//! every bus in ascending order, so that adding or changing one kind moves no other.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::clock::{Clock, DAY};
use super::document::{
    BatteryTable, DeferrableTable, Document, PowerBasis, ShapableTable, SolarTable,
};
use super::measured::HOMES;
use super::placement_check::check;
use crate::{Battery, Deferrable, Flaw, Shapable};

/// Even-draw power times this is what a shapable load can draw, at least the bus's peak load.
const SHAPABLE_HEADROOM: f64 = 1.6;

/// Streams of the seed; the numbers are part of what a seed means.
#[derive(Clone, Copy)]
enum Stream {
    Home = 1,
    Solar = 2,
    Battery = 3,
    Shapable = 4,
    Deferrable = 5,
}

/// What chance decides about one bus. Powers in MW, energies in MWh.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    /// Measured home, from 0, that gives the load its own shape.
    pub home: usize,
    /// Rated solar power.
    pub solar: f64,
    pub batteries: Vec<Battery>,
    pub shapables: Vec<Shapable>,
    pub deferrables: Vec<Deferrable>,
}

/// Places devices at buses with the given peak apparent loads (MVA), in ascending order of bus
/// number. A bus without load gets none.
pub(super) fn place(document: &Document, clock: Clock, peaks: &[f64]) -> Result<Vec<Placed>, Flaw> {
    check(document, clock)?;
    let mut dice = Dice::new(document.seed);
    let placed = peaks.iter().map(|&peak| dice.bus(document, clock, peak));
    Ok(placed.collect())
}

/// One generator per stream.
struct Dice {
    home: ChaCha8Rng,
    solar: ChaCha8Rng,
    battery: ChaCha8Rng,
    shapable: ChaCha8Rng,
    deferrable: ChaCha8Rng,
}

impl Dice {
    fn new(seed: u64) -> Self {
        let stream = |stream: Stream| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(stream as u64);
            rng
        };
        Self {
            home: stream(Stream::Home),
            solar: stream(Stream::Solar),
            battery: stream(Stream::Battery),
            shapable: stream(Stream::Shapable),
            deferrable: stream(Stream::Deferrable),
        }
    }

    fn bus(&mut self, document: &Document, clock: Clock, peak: f64) -> Placed {
        let home = self.home.random_range(0..HOMES);
        let solar = document.solar.as_ref();
        let solar = solar.map_or(0.0, |table| roll_solar(&mut self.solar, table, peak));
        let shapable = document.shapable.as_ref();
        let shapable = shapable.and_then(|t| roll_shapable(&mut self.shapable, t, clock, peak));
        let deferrable = document.deferrable.as_ref();
        let deferrable =
            deferrable.and_then(|t| roll_deferrable(&mut self.deferrable, t, clock, peak));
        let controllable = shapable.as_ref().map_or(0.0, |load| load.power_max)
            + deferrable.as_ref().map_or(0.0, |load| load.peak);
        let battery = document.battery.as_ref().and_then(|table| {
            let of_peak = table.basis == PowerBasis::Peak || controllable <= 0.0;
            let basis = if of_peak { peak } else { controllable };
            roll_battery(&mut self.battery, table, basis)
        });
        if peak <= 0.0 {
            return Placed {
                home,
                solar: 0.0,
                batteries: Vec::new(),
                shapables: Vec::new(),
                deferrables: Vec::new(),
            };
        }
        Placed {
            home,
            solar,
            batteries: battery.into_iter().collect(),
            shapables: shapable.map_or(Vec::new(), |load| load.daily(clock)),
            deferrables: deferrable.map_or(Vec::new(), |load| load.daily(clock)),
        }
    }
}

/// Uniform in `[low, high]`.
fn uniform(rng: &mut ChaCha8Rng, [low, high]: [f64; 2]) -> f64 {
    low + (high - low) * rng.random::<f64>()
}

fn hit(rng: &mut ChaCha8Rng, share: f64) -> bool {
    rng.random::<f64>() < share
}

fn roll_solar(rng: &mut ChaCha8Rng, table: &SolarTable, peak: f64) -> f64 {
    let (has, size) = (hit(rng, table.share), uniform(rng, table.size));
    if has { size * peak } else { 0.0 }
}

fn roll_battery(rng: &mut ChaCha8Rng, table: &BatteryTable, basis: f64) -> Option<Battery> {
    let power = table.power * basis;
    hit(rng, table.share).then_some(Battery {
        charge_max: power,
        discharge_max: power,
        energy: power * table.hours,
        eta_in: table.eta,
        eta_out: table.eta,
        soc_min: table.soc_min,
        soc_max: table.soc_max,
        soc_start: table.soc_start,
        soc_end_min: table.soc_end,
        soc_end_max: table.soc_end,
    })
}

/// The shapable load of each day; hours within the day.
struct DailyShapable {
    start: usize,
    end: usize,
    energy: f64,
    power_max: f64,
}

fn roll_shapable(
    rng: &mut ChaCha8Rng,
    table: &ShapableTable,
    clock: Clock,
    peak: f64,
) -> Option<DailyShapable> {
    let has = hit(rng, table.share);
    let energy = uniform(rng, table.energy_hours) * peak;
    let (start, end) = roll_window(rng, table);
    let even = energy / (end - start) as f64;
    has.then_some(DailyShapable {
        start: start * clock.per_hour(),
        end: end * clock.per_hour(),
        energy,
        power_max: peak.max(SHAPABLE_HEADROOM * even),
    })
}

/// Hours in which the load may draw, at least one.
fn roll_window(rng: &mut ChaCha8Rng, table: &ShapableTable) -> (usize, usize) {
    let ([earliest, latest], [first_end, last_end]) = (table.start, table.end);
    let (start, end) = match table.duration {
        None => {
            let start = rng.random_range(earliest..=latest);
            (start, rng.random_range(first_end..=last_end))
        }
        Some([shortest, longest]) => {
            let hours = rng.random_range(shortest..=longest);
            let start = rng.random_range(earliest..=latest.min(last_end - hours));
            (start, start + hours)
        }
    };
    (start as usize, end as usize)
}

impl DailyShapable {
    fn daily(&self, clock: Clock) -> Vec<Shapable> {
        days(clock)
            .map(|first| Shapable {
                start: first + self.start,
                end: first + self.end,
                energy: self.energy,
                power_min: 0.0,
                power_max: self.power_max,
            })
            .collect()
    }
}

/// The deferrable load of each day; hours within the day.
struct DailyDeferrable {
    earliest: usize,
    max_delay: usize,
    profile: Vec<f64>,
    peak: f64,
}

fn roll_deferrable(
    rng: &mut ChaCha8Rng,
    table: &DeferrableTable,
    clock: Clock,
    peak: f64,
) -> Option<DailyDeferrable> {
    let has = hit(rng, table.share);
    let earliest = rng.random_range(table.earliest[0]..=table.earliest[1]) as usize;
    let max_delay = rng.random_range(table.max_delay[0]..=table.max_delay[1]) as usize;
    let power = uniform(rng, table.power) * peak;
    let hourly = table.profile.iter().map(|share| share * power);
    has.then(|| DailyDeferrable {
        earliest: earliest * clock.per_hour(),
        max_delay: max_delay * clock.per_hour(),
        profile: hourly
            .flat_map(|p| std::iter::repeat_n(p, clock.per_hour()))
            .collect(),
        peak: power,
    })
}

impl DailyDeferrable {
    fn daily(&self, clock: Clock) -> Vec<Deferrable> {
        days(clock)
            .map(|first| Deferrable {
                earliest: first + self.earliest,
                max_delay: self.max_delay,
                profile: self.profile.clone(),
            })
            .collect()
    }
}

/// First interval of each day.
fn days(clock: Clock) -> impl Iterator<Item = usize> {
    let length = DAY * clock.per_hour();
    (0..clock.whole_days().unwrap_or(0)).map(move |day| day * length)
}
