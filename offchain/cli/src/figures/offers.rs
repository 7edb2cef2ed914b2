//! Figure 7: what the first producer offers, and for how long.

use anyhow::{Context, Result};
use gridweave_model::market::{BookSide, MarketDay};
use gridweave_plot::{Axis, Color, Figure, Panel, Series};

use super::runs::{Runs, Setting};
use super::sheet::{Sheet, clock, energy_title, hours, kwh};

/// Energy that the first producer offers from each interval on, and the number of intervals for which
/// its longest offer is valid.
pub fn sheet(runs: &Runs) -> Result<Sheet> {
    let day = &runs.of(Setting::C)?.day;
    let home = first_producer(day)?;
    let horizon = day.horizon as usize;
    let (mut energy, mut stored, mut valid) =
        (vec![0; horizon], vec![0; horizon], vec![0; horizon]);
    let own = day.postings.iter().filter(|posting| posting.home == home);
    for posting in own.filter(|posting| posting.side == BookSide::Sell) {
        let t = posting.start as usize;
        let length = posting.end - posting.start + 1;
        energy[t] += posting.energy_wh;
        stored[t] += if length > 1 { posting.energy_wh } else { 0 };
        valid[t] = length.max(valid[t]);
    }
    let kwhs = |energies: &[u64]| -> Vec<f64> { energies.iter().copied().map(kwh).collect() };
    let lengths: Vec<f64> = valid.iter().copied().map(f64::from).collect();
    let (width, start) = (hours(day), "start of the interval");
    let all = Series::steps("offered", Color::Blue, 0.0, width, &kwhs(&energy));
    let later = Series::bars("of it stored", Color::Sky, 0.0, width, &kwhs(&stored));
    let bars = Series::bars("validity", Color::Vermilion, 0.0, width, &lengths);
    let figure = Figure::new("What the first producer of the first feeder offers, with a battery")
        .with(
            Panel::new(Axis::day(start), Axis::new(energy_title(day)))
                .with(later)
                .with(all),
        )
        .with(
            Panel::new(
                Axis::day(start),
                Axis::new("intervals in which it may be sold"),
            )
            .with(bars),
        );
    let row = |t: usize| {
        let energies = [energy[t], stored[t]].map(|energy| kwh(energy).to_string());
        let [energy, stored] = energies;
        vec![
            t.to_string(),
            clock(day, t),
            energy,
            stored,
            valid[t].to_string(),
        ]
    };
    Ok(Sheet {
        name: "figure-07",
        figure,
        header: vec![
            "interval",
            "start",
            "offered_kwh",
            "stored_kwh",
            "valid_intervals",
        ],
        rows: (0..horizon).map(row).collect(),
    })
}

/// The first home that produces.
///
/// # Errors
/// There is none.
pub fn first_producer(day: &MarketDay) -> Result<usize> {
    let produces = |energies: &[i64]| energies.iter().any(|energy| *energy > 0);
    let home = day.homes.iter().position(|home| produces(&home.energy_wh));
    home.with_context(|| format!("'{}' has no producer", day.name))
}
