//! What the crowd costs day by day, as its history grows.

use gridweave_plot::{Axis, Color, Figure, Panel, Series};

use super::figures::DayFigures;
use super::outcome::Outcome;
use crate::figures::sheet::Sheet;

/// Incentives per MWh that the crowd promised, and the share of first offers that were accepted, by
/// day; none of a single day.
pub fn sheet(outcome: &Outcome) -> Option<Sheet> {
    if outcome.days.len() < 2 {
        return None;
    }
    let days: Vec<DayFigures> = outcome.days.iter().map(DayFigures::of).collect();
    let prices: Vec<f64> = days
        .iter()
        .map(|day| day.per_mwh().unwrap_or_default())
        .collect();
    let shares: Vec<f64> = days
        .iter()
        .map(|day| 100.0 * day.accepted_first as f64 / day.tasks.max(1) as f64)
        .collect();
    let panel = |label: &str, color, values: &[f64]| {
        let steps = Series::steps(label, color, 0.0, 1.0, values);
        Panel::new(Axis::new("day"), Axis::new(label)).with(steps)
    };
    let figure = Figure::new("What the crowd costs")
        .with(panel("incentives (currency per MWh)", Color::Blue, &prices))
        .with(panel("accepted at once (%)", Color::Vermilion, &shares));
    let pairs = prices.iter().zip(&shares).enumerate();
    let rows = pairs.map(|(day, (price, share))| {
        vec![
            day.to_string(),
            format!("{price:.3}"),
            format!("{share:.3}"),
        ]
    });
    Some(Sheet {
        name: "days-incentives",
        figure,
        header: vec!["day", "incentive_per_mwh", "accepted_first_pct"],
        rows: rows.collect(),
    })
}
