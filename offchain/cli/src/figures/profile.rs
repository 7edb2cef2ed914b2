//! Figure 6: load, generation and traded energy of a day.

use anyhow::Result;
use gridweave_model::market::MarketDay;
use gridweave_plot::{Axis, Color, Figure, Panel, Series};

use super::runs::{Run, Runs, Setting};
use super::sheet::{Sheet, clock, energy_title, hours, kwh};

/// Total consumption, total production and traded energy by interval: test A, and tests C and D with
/// both objectives.
pub fn sheet(runs: &Runs) -> Result<Sheet> {
    let (a, c, d) = (Setting::A, Setting::C, Setting::D);
    let without = runs.of(a)?;
    let first = (runs.of(c)?, runs.of(d)?);
    let plain = (runs.of(c.plain())?, runs.of(d.plain())?);
    let day = &without.day;
    let figure = Figure::new("Load, generation and traded energy by interval")
        .with(panel(without, first, "soon-expiring offers first"))
        .with(panel(without, plain, "the paper's objective"));
    let (used, made) = totals(day);
    let traded = [without, first.0, first.1, plain.0, plain.1];
    let rows = (0..day.horizon as usize).map(|t| {
        let energies = [used[t], made[t]].into_iter();
        let energies = energies.chain(traded.map(|run| kwh(run.outcome.energy[t])));
        let cells = energies.map(|energy| energy.to_string());
        [t.to_string(), clock(day, t)]
            .into_iter()
            .chain(cells)
            .collect()
    });
    Ok(Sheet {
        name: "figure-06",
        figure,
        header: vec![
            "interval",
            "start",
            "consumption_kwh",
            "production_kwh",
            "traded_a_kwh",
            "traded_c_kwh",
            "traded_d_kwh",
            "traded_c_plain_kwh",
            "traded_d_plain_kwh",
        ],
        rows: rows.collect(),
    })
}

fn panel(without: &Run, (c, d): (&Run, &Run), objective: &str) -> Panel {
    let day = &without.day;
    let width = hours(day);
    let (used, made) = totals(day);
    let steps =
        |label: &str, color, values: &[f64]| Series::steps(label, color, 0.0, width, values);
    let traded = |label: &str, color, run: &Run| {
        let energy: Vec<f64> = run.outcome.energy.iter().copied().map(kwh).collect();
        steps(label, color, &energy)
    };
    let title = format!("{}, {objective}", energy_title(day));
    Panel::new(Axis::day("start of the interval"), Axis::new(title))
        .with(steps("total consumption", Color::Grey, &used))
        .with(steps("total production", Color::Orange, &made))
        .with(traded("traded without batteries (A)", Color::Black, without).dashed())
        .with(traded("traded, batteries, L = 5 (C)", Color::Vermilion, c))
        .with(traded("traded, batteries, L = 13 (D)", Color::Blue, d).dashed())
}

/// Consumption and production of all homes by interval (kWh).
fn totals(day: &MarketDay) -> (Vec<f64>, Vec<f64>) {
    let of = |sign: i64| {
        let total = |t: usize| {
            let energies = day.homes.iter().map(move |home| sign * home.energy_wh[t]);
            kwh(energies
                .filter(|energy| *energy > 0)
                .sum::<i64>()
                .unsigned_abs())
        };
        (0..day.horizon as usize).map(total).collect()
    };
    (of(-1), of(1))
}
