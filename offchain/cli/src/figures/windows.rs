//! Figure 9: traded energy over the prediction window.

use gridweave_plot::{Axis, Color, Figure, Marker, Panel, Series, Ticks};

use super::runs::{Run, Runs, Setting, objective};
use super::sheet::{Sheet, kwh};
use crate::market::summary::Summary;

/// Energy of a day and its share of what full information allows, without batteries and with them, for
/// both objectives.
pub fn sheet(runs: &Runs) -> Sheet {
    let kinds = [Setting::A, Setting::C, Setting::C.plain()];
    let rows = kinds.iter().flat_map(|kind| runs.over(*kind)).map(row);
    let rows = rows.collect();
    let figure = Figure::new("Energy traded in a day over the prediction window L")
        .with(panel(runs, "energy (kWh)", None, energy))
        .with(panel(
            runs,
            "share of full information (%)",
            Some(floor(runs)),
            share,
        ));
    Sheet {
        name: "figure-09",
        figure,
        header: vec![
            "window",
            "battery",
            "objective",
            "offers",
            "trades",
            "energy_traded_kwh",
            "full_information_kwh",
            "share",
            "certified_ratio",
            "solve_median_ms",
            "solve_max_ms",
        ],
        rows,
    }
}

fn panel(runs: &Runs, title: &str, low: Option<f64>, value: fn(&Run) -> f64) -> Panel {
    let line = |label: &str, color, kind, marker| {
        let points = runs.over(kind);
        let points = points.map(|run| (f64::from(run.setting.window), value(run)));
        Series::line(label, color, points.collect()).marked(marker)
    };
    let (first, last) = (*runs.windows.start(), *runs.windows.end());
    let ends = (f64::from(first) - 0.5, f64::from(last) + 0.5);
    let across = Axis::new("prediction window L (intervals, the present one counted)");
    let across = across.from_to(ends.0, ends.1).ticks(Ticks::Every(1.0));
    let up = match low {
        Some(low) => Axis::new(title).from_to(low, 100.0),
        None => Axis::new(title),
    };
    let plain = Setting::C.plain();
    Panel::new(across, up)
        .with(line(
            "without batteries",
            Color::Black,
            Setting::A,
            Marker::Cross,
        ))
        .with(line(
            "batteries, traded energy (the paper's objective)",
            Color::Vermilion,
            plain,
            Marker::Triangle,
        ))
        .with(line(
            "batteries, soon-expiring first",
            Color::Blue,
            Setting::C,
            Marker::Circle,
        ))
}

fn energy(run: &Run) -> f64 {
    kwh(run.outcome.energy.iter().sum())
}

/// Share of the full-information optimum.
fn fraction(run: &Run) -> f64 {
    let energy: u64 = run.outcome.energy.iter().sum();
    energy as f64 / run.outcome.full_energy.energy() as f64
}

/// The same in percent.
fn share(run: &Run) -> f64 {
    100.0 * fraction(run)
}

/// A whole percent below all shares.
fn floor(runs: &Runs) -> f64 {
    let kinds = [Setting::A, Setting::C, Setting::C.plain()];
    let shares = kinds
        .into_iter()
        .flat_map(|kind| runs.over(kind))
        .map(share);
    (shares.fold(100.0, f64::min) - 0.5).floor().max(0.0)
}

fn row(run: &Run) -> Vec<String> {
    let summary = Summary::new(&run.problem, &run.outcome);
    let ratio = summary.certified_ratio.map(|ratio| ratio.to_string());
    vec![
        run.setting.window.to_string(),
        run.setting.battery.to_string(),
        objective(run.setting.objective).into(),
        summary.offers.to_string(),
        summary.trades.to_string(),
        summary.energy_traded_kwh.to_string(),
        summary.full_information_optimum_kwh.to_string(),
        fraction(run).to_string(),
        ratio.unwrap_or_default(),
        summary.solve_ms.median.to_string(),
        summary.solve_ms.max.to_string(),
    ]
}
