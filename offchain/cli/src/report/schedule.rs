//! Rows of `schedule.csv`.

use gridweave_model::Instance;
use gridweave_optim::SiteSchedule;

use crate::run::judge::Verdict;

/// Columns: loads and shapable, deferrable consumption positive as drawn; solar, battery,
/// generator and the net columns injection positive.
pub const HEADER: [&str; 11] = [
    "bus",
    "interval",
    "load",
    "solar",
    "battery",
    "battery_soc",
    "shapable",
    "deferrable",
    "generator",
    "net_p",
    "net_q",
];

/// One row for each bus and interval; the root's generator is included in its row.
pub fn rows<'a>(
    instance: &'a Instance,
    verdict: &'a Verdict,
    devices: &'a [SiteSchedule],
) -> impl Iterator<Item = [String; 11]> + 'a {
    let buses = 0..instance.network.buses.len();
    buses.flat_map(move |bus| {
        (0..instance.horizon).map(move |t| row(instance, verdict, &devices[bus], bus, t))
    })
}

fn row(
    instance: &Instance,
    verdict: &Verdict,
    devices: &SiteSchedule,
    bus: usize,
    t: usize,
) -> [String; 11] {
    let site = &instance.sites[bus];
    let root = match bus {
        0 => verdict.execution.generation[t],
        _ => 0.0,
    };
    [
        instance.network.buses[bus].id.to_string(),
        t.to_string(),
        site.load_p[t].to_string(),
        site.solar[t].to_string(),
        (devices.discharge[t] - devices.charge[t]).to_string(),
        devices.soc[t].to_string(),
        devices.shapable[t].to_string(),
        devices.deferrable[t].to_string(),
        (devices.generation[t] + root).to_string(),
        (verdict.injections[bus][t] + root).to_string(),
        (-site.load_q[t]).to_string(),
    ]
}
