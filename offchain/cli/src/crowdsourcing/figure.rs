//! Figure 3 of the paper: what one bus does in the equilibrium, and the incentives over the day.

use gridweave_model::Instance;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_plot::{Axis, Color, Figure, Panel, Series};

use super::days_figure;
use super::figures::mean_incentive;
use super::outcome::Outcome;
use crate::figures::sheet::Sheet;
use crate::run::problem::Problem;

/// The bus that the paper shows.
const BUS: u32 = 5;
/// Colours of feeders.
const COLORS: [Color; 6] = [
    Color::Blue,
    Color::Vermilion,
    Color::Green,
    Color::Orange,
    Color::Purple,
    Color::Sky,
];

/// Both halves of the figure, each with its numbers; of several days also what they cost.
pub fn sheets(problem: &Problem, crowd: &Crowd, outcome: &Outcome) -> Vec<Sheet> {
    let profile = profile(&problem.instance, outcome);
    profile
        .into_iter()
        .chain([incentives(&problem.instance, crowd, outcome)])
        .chain(days_figure::sheet(outcome))
        .collect()
}

/// Load and generation of the bus; none in a network without it.
fn profile(instance: &Instance, outcome: &Outcome) -> Option<Sheet> {
    let bus = instance.network.index_of(BUS)?;
    let (site, schedule) = (&instance.sites[bus], &outcome.central.sites[bus]);
    let kw = |values: &[f64]| -> Vec<f64> {
        values
            .iter()
            .map(|power| 1e3 * instance.network.base_mva * power)
            .collect()
    };
    let pairs = schedule.discharge.iter().zip(&schedule.charge);
    let battery: Vec<f64> = pairs
        .map(|(discharge, charge)| discharge - charge)
        .collect();
    let columns = [
        (
            "load_kw",
            "uncontrollable load",
            Color::Grey,
            kw(&site.load_p),
        ),
        (
            "shapable_kw",
            "shapable load",
            Color::Purple,
            kw(&schedule.shapable),
        ),
        (
            "solar_kw",
            "solar generation",
            Color::Orange,
            kw(&site.solar),
        ),
        (
            "battery_kw",
            "battery, injection positive",
            Color::Blue,
            kw(&battery),
        ),
        (
            "net_kw",
            "net injection",
            Color::Black,
            kw(&outcome.central.injections[bus]),
        ),
    ];
    let mut panel = Panel::new(
        Axis::day("start of the interval"),
        Axis::new(format!("power at bus {BUS} (kW)")),
    );
    for (_, label, color, values) in &columns {
        let steps = Series::steps(*label, *color, 0.0, instance.interval_hours, values);
        panel = panel.with(steps);
    }
    let rows = (0..instance.horizon).map(|t| {
        let cells = columns
            .iter()
            .map(|(.., values)| format!("{:.3}", values[t]));
        std::iter::once(t.to_string()).chain(cells).collect()
    });
    Some(Sheet {
        name: "figure-03-profile",
        figure: Figure::new(format!("Load and generation at bus {BUS}")).with(panel),
        header: std::iter::once("interval")
            .chain(columns.iter().map(|row| row.0))
            .collect(),
        rows: rows.collect(),
    })
}

/// Mean incentive of accepted tasks by feeder and interval.
fn incentives(instance: &Instance, crowd: &Crowd, outcome: &Outcome) -> Sheet {
    let mean = |feeder: usize, t: usize| {
        let days = outcome.days.iter();
        let tasks = days.flat_map(|day| day.accepted_at(t));
        let own = tasks.filter(|task| task.feeder == feeder as u32 + 1);
        mean_incentive(own).unwrap_or_default()
    };
    let mut panel = Panel::new(
        Axis::day("start of the interval"),
        Axis::new("mean incentive (currency per MWh)"),
    );
    let mut columns = Vec::new();
    for (feeder, data) in crowd.feeders.iter().enumerate() {
        let values: Vec<f64> = (0..instance.horizon).map(|t| mean(feeder, t)).collect();
        let root = instance.network.buses[data.root].id;
        let color = COLORS[feeder % COLORS.len()];
        let label = format!("feeder {} below bus {root}", feeder + 1);
        panel = panel.with(Series::steps(
            label,
            color,
            0.0,
            instance.interval_hours,
            &values,
        ));
        columns.push(values);
    }
    let rows = (0..instance.horizon).flat_map(|t| {
        let cells = columns.iter().enumerate();
        cells.map(move |(feeder, values)| {
            vec![
                t.to_string(),
                (feeder + 1).to_string(),
                format!("{:.3}", values[t]),
            ]
        })
    });
    Sheet {
        name: "figure-03-incentives",
        figure: Figure::new("Incentives over the day").with(panel),
        header: vec!["interval", "feeder", "incentive_per_mwh"],
        rows: rows.collect(),
    }
}
