//! Figures 3 to 6 of the paper from a run: each as SVG and, with the same numbers, CSV.

use std::collections::BTreeMap;

use gridweave_model::prosumers::HomeSchedule;
use gridweave_plot::{Axis, Bar, Color, Figure, Mark, Marker, Panel, Series};

use super::outcome::Outcome;
use super::problem::Problem;
use crate::figures::sheet::Sheet;

/// Homes that are drawn: more lines cannot be told apart.
const MOST_HOMES: usize = 10;
/// Colours of their lines, in turn.
const LINES: [Color; 8] = [
    Color::Blue,
    Color::Orange,
    Color::Green,
    Color::Vermilion,
    Color::Sky,
    Color::Purple,
    Color::Black,
    Color::Grey,
];
/// What is nothing (kW).
const TOLERANCE: f64 = 1e-4;
/// What is drawn of smaller numbers on a logarithmic axis.
const LEAST: f64 = 1e-8;

/// All figures of a run.
pub fn sheets(problem: &Problem, outcome: &Outcome) -> Vec<Sheet> {
    let mut sheets = vec![
        convergence(outcome),
        profiles(
            problem,
            outcome,
            "figure-4",
            "What the homes do",
            &[
                ("grid supply (kW)", Case::Trade, |s| &s.grid),
                ("renewable supply (kW)", Case::Trade, |s| &s.renewable),
                ("shiftable load (kW)", Case::Trade, |s| &s.shiftable),
                ("HVAC load (kW)", Case::Trade, |s| &s.hvac),
            ],
        ),
        profiles(
            problem,
            outcome,
            "figure-5",
            "What the homes do for the grid",
            &[
                ("feed-in without trade (kW)", Case::Alone, |s| &s.feed_in),
                ("feed-in with trade (kW)", Case::Trade, |s| &s.feed_in),
                ("demand response without trade (kW)", Case::Alone, |s| {
                    &s.demand_response
                }),
                ("demand response with trade (kW)", Case::Trade, |s| {
                    &s.demand_response
                }),
            ],
        ),
    ];
    sheets.extend(trades(problem, outcome));
    sheets
}

/// Figure 3: how the plan of each round gets nearer to the optimum.
fn convergence(outcome: &Outcome) -> Sheet {
    let optimum = outcome
        .reference
        .central
        .as_ref()
        .map(|central| central.cost);
    let gap = |cost: Option<f64>| Some((cost? - optimum?).abs() / optimum?.abs());
    let rows: Vec<[Option<f64>; 4]> = outcome
        .rounds
        .iter()
        .map(|round| {
            let mut judged = outcome.judged.iter();
            let judged = judged.find(|row| row.round == round.round);
            let cost = round.cost.or(judged.map(|row| row.cost));
            let finite = cost.filter(|cost| cost.is_finite());
            [
                Some(f64::from(round.round)),
                gap(finite),
                round.certified_gap,
                judged.map(|row| row.imbalance),
            ]
        })
        .collect();
    let line = |at: usize| {
        let points = rows.iter().filter_map(|row| Some((row[0]?, row[at]?)));
        let points = points.map(|(x, y)| (x, y.max(LEAST).log10()));
        points.collect::<Vec<_>>()
    };
    let mut panel = Panel::new(Axis::new("round"), Axis::new("log₁₀ of the relative error"));
    for (at, label, color) in [
        (1, "cost of the plan above the optimum", Color::Blue),
        (2, "certified by the contract", Color::Orange),
        (3, "imbalance of the answers", Color::Green),
    ] {
        let points = line(at);
        if !points.is_empty() {
            panel = panel.with(Series::line(label, color, points).marked(Marker::Circle));
        }
    }
    let left: Vec<(f64, f64)> = outcome
        .rounds
        .iter()
        .map(|round| (f64::from(round.round), round.primal.max(LEAST).log10()))
        .collect();
    let residual = Panel::new(Axis::new("round"), Axis::new("log₁₀ of ‖r‖₂ (kW)"))
        .with(Series::line("left over by the answers", Color::Green, left).marked(Marker::Circle));
    let text = |value: Option<f64>| value.map(|v| v.to_string()).unwrap_or_default();
    let cells = rows.iter().zip(&outcome.rounds).map(|(row, round)| {
        let mut cells: Vec<String> = row.iter().map(|&value| text(value)).collect();
        cells.push(round.primal.to_string());
        cells
    });
    Sheet {
        name: "figure-3",
        rows: cells.collect(),
        figure: Figure::new("Convergence").with(panel).with(residual),
        header: vec![
            "round",
            "cost_gap",
            "certified_gap",
            "imbalance",
            "left_over_kw",
        ],
    }
}

/// Whose schedules are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// Those of homes alone.
    Alone,
    /// Those that are executed.
    Trade,
}

/// A quantity by home.
type Quantity = (&'static str, Case, fn(&HomeSchedule) -> &Vec<f64>);

/// Panels with a line for each of the first homes.
fn profiles(
    problem: &Problem,
    outcome: &Outcome,
    name: &'static str,
    title: &str,
    quantities: &[Quantity],
) -> Sheet {
    let hours = problem.community.interval_hours;
    let answers = |case| match case {
        Case::Alone => &outcome.reference.alone,
        Case::Trade => &outcome.homes,
    };
    let mut figure = Figure::new(title);
    let mut rows = Vec::new();
    for (label, case, of) in quantities {
        let homes = problem.community.homes.iter().zip(answers(*case));
        let mut panel = Panel::new(Axis::new("hour"), Axis::new(*label));
        for (at, (home, answer)) in homes.take(MOST_HOMES).enumerate() {
            let (home, schedule) = (home.home, &answer.schedule);
            let color = LINES[at % LINES.len()];
            panel = panel.with(Series::steps(
                format!("home {home}"),
                color,
                0.0,
                hours,
                &visible(of(schedule)),
            ));
            let cells = of(schedule).iter().enumerate();
            rows.extend(cells.map(|(t, power)| {
                vec![
                    (*label).to_owned(),
                    home.to_string(),
                    t.to_string(),
                    power.to_string(),
                ]
            }));
        }
        figure = figure.with(panel);
    }
    Sheet {
        name,
        figure,
        header: vec!["quantity", "home", "interval", "power_kw"],
        rows,
    }
}

/// `powers` with what is only the solver's tolerance left out.
fn visible(powers: &[f64]) -> Vec<f64> {
    let shown = |&power: &f64| if power.abs() < TOLERANCE { 0.0 } else { power };
    powers.iter().map(shown).collect()
}

/// Figure 6: the trades of the home that sells most and of the one that buys most; none where nobody
/// trades.
fn trades(problem: &Problem, outcome: &Outcome) -> Option<Sheet> {
    let net = |at: usize| outcome.homes[at].trade.iter().sum::<f64>();
    let homes = 0..outcome.homes.len();
    let seller = homes.clone().max_by(|&a, &b| net(a).total_cmp(&net(b)))?;
    let buyer = homes.min_by(|&a, &b| net(a).total_cmp(&net(b)))?;
    if outcome.trades.is_empty() {
        return None;
    }
    let mut figure =
        Figure::new("Trades of the home that sells most and of the one that buys most");
    let mut rows = Vec::new();
    for at in [seller, buyer] {
        let number = problem.community.homes[at].home;
        let title = format!("home {number}: sold, below 0 bought (kWh)");
        let mut panel = Panel::new(Axis::new("hour"), Axis::new(title));
        for series in boxes(problem, outcome, at, &mut rows) {
            panel = panel.with(series);
        }
        figure = figure.with(panel);
    }
    Some(Sheet {
        name: "figure-6",
        figure,
        header: vec!["home", "interval", "partner", "sold_kwh"],
        rows,
    })
}

/// The trades of home `at` on top of each other, a box for each partner, in colours that repeat.
fn boxes(
    problem: &Problem,
    outcome: &Outcome,
    at: usize,
    rows: &mut Vec<Vec<String>>,
) -> Vec<Series> {
    let hours = problem.community.interval_hours;
    let number = |home: usize| problem.community.homes[home].home.to_string();
    let mut edges: BTreeMap<(usize, bool), f64> = BTreeMap::new();
    let mut bars = vec![Vec::new(); Color::AREAS.len()];
    for trade in &outcome.trades {
        let (partner, sign) = match (trade.seller == at, trade.buyer == at) {
            (true, _) => (trade.buyer, 1.0),
            (_, true) => (trade.seller, -1.0),
            _ => continue,
        };
        let energy = sign * trade.energy_wh as f64 / 1e3;
        let edge = edges.entry((trade.interval, sign > 0.0)).or_default();
        let base = *edge;
        *edge += energy;
        let left = hours * trade.interval as f64;
        bars[partner % Color::AREAS.len()].push(Bar {
            left,
            right: left + hours,
            base,
            top: *edge,
        });
        rows.push(vec![
            number(at),
            trade.interval.to_string(),
            number(partner),
            energy.to_string(),
        ]);
    }
    let series = Color::AREAS.into_iter().zip(bars);
    let filled = series.filter(|(_, bars)| !bars.is_empty());
    filled
        .map(|(color, bars)| Series::new("a box for each partner", color, Mark::Bars(bars)))
        .collect()
}
