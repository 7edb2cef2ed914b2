//! Figure 10: whom the first producer sells to.

use std::collections::BTreeMap;

use anyhow::Result;
use gridweave_plot::{Axis, Bar, Color, Figure, Mark, Panel, Series};

use super::offers::first_producer;
use super::runs::{Run, Runs, Setting};
use super::sheet::{Sheet, clock, energy_title, hours, kwh};

/// Energy (Wh) by interval and buying home.
type Sales = BTreeMap<(u32, usize), u64>;

/// Energy that the first producer generates and sells, consumer by consumer, in test C.
pub fn sheet(runs: &Runs) -> Result<Sheet> {
    let run = runs.of(Setting::C)?;
    let day = &run.day;
    let home = first_producer(day)?;
    let sales = sales(run, home);
    let mut panel = Panel::new(
        Axis::day("start of the interval"),
        Axis::new(energy_title(day)),
    );
    for series in boxes(&sales, hours(day)) {
        panel = panel.with(series);
    }
    let energies = day.homes[home].energy_wh.iter();
    let made: Vec<f64> = energies.map(|energy| kwh(energy.unsigned_abs())).collect();
    let line = Series::steps("generated", Color::Blue, 0.0, hours(day), &made);
    let title = "What the first producer of the first feeder generates and sells (test C)";
    let rows = sales.iter().map(|(&(t, buyer), &energy)| {
        vec![
            t.to_string(),
            clock(day, t as usize),
            made[t as usize].to_string(),
            buyer.to_string(),
            kwh(energy).to_string(),
        ]
    });
    Ok(Sheet {
        name: "figure-10",
        figure: Figure::new(title).with(panel.with(line)),
        header: vec!["interval", "start", "generated_kwh", "consumer", "sold_kwh"],
        rows: rows.collect(),
    })
}

fn sales(run: &Run, home: usize) -> Sales {
    let offers = run.problem.offers.iter();
    let homes: BTreeMap<u32, usize> = offers.map(|offer| (offer.id, offer.home)).collect();
    let mut sales = Sales::new();
    let own = run
        .outcome
        .trades
        .iter()
        .filter(|trade| homes.get(&trade.seller) == Some(&home));
    for trade in own {
        if let Some(&buyer) = homes.get(&trade.buyer) {
            *sales.entry((trade.interval, buyer)).or_default() += trade.energy;
        }
    }
    sales
}

/// The sales of each interval on top of each other, in colours that repeat.
fn boxes(sales: &Sales, width: f64) -> Vec<Series> {
    let mut tops: BTreeMap<u32, f64> = BTreeMap::new();
    let mut bars = vec![Vec::new(); Color::AREAS.len()];
    for (&(interval, buyer), &energy) in sales {
        let top = tops.entry(interval).or_default();
        let base = *top;
        *top += kwh(energy);
        let left = width * f64::from(interval);
        bars[buyer % Color::AREAS.len()].push(Bar {
            left,
            right: left + width,
            base,
            top: *top,
        });
    }
    let series = Color::AREAS.into_iter().zip(bars);
    let label = "sold, a box for each consumer";
    series
        .map(|(color, bars)| Series::new(label, color, Mark::Bars(bars)))
        .collect()
}
