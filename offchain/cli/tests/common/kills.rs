//! Ending actors without warning.

use std::fs;
use std::path::Path;
use std::process::{Child, Command};
use std::thread;
use std::time::Duration;

use rand::RngExt;
use rand::seq::IndexedRandom;

/// Kills of one actor that a run makes up for, with one to spare.
const MOST_OF_ONE: usize = 4;

/// An actor at work.
struct Process {
    pid: String,
    name: String,
}

/// Kills actors of the run into the folder `out` at random moments, `times` times or until the run
/// has ended: the operator and somebody else by turns. The names of the killed, in order.
pub fn kill_at_random(run: &mut Child, out: &Path, times: usize) -> Vec<String> {
    let mut rng = rand::rng();
    let mut killed: Vec<String> = Vec::new();
    while killed.len() < times && run.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(rng.random_range(20..500)));
        let operators_turn = killed.len().is_multiple_of(2);
        let kills = |name: &str| killed.iter().filter(|other| *other == name).count();
        let mut candidates = processes(&out.join("actors"));
        candidates.retain(|process| {
            let is_operator = process.name == "operator";
            is_operator == operators_turn && kills(&process.name) < MOST_OF_ONE
        });
        if let Some(process) = candidates.choose(&mut rng)
            && kill(&process.pid)
        {
            killed.push(process.name.clone());
        }
    }
    killed
}

/// Kills the actor `name` of the run into the folder `out`; tells whether it was at work.
pub fn kill_actor(out: &Path, name: &str) -> bool {
    let processes = processes(&out.join("actors"));
    let mut found = processes.iter().filter(|process| process.name == name);
    found.next().is_some_and(|process| kill(&process.pid))
}

fn kill(pid: &str) -> bool {
    let kill = Command::new("kill").args(["-KILL", pid]).output();
    kill.unwrap().status.success()
}

/// The processes whose configurations are `NAME.toml` in `folder`.
fn processes(folder: &Path) -> Vec<Process> {
    let mark = format!("--config\0{}/", folder.to_str().unwrap());
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let found = entries.filter_map(|entry| {
        let arguments = fs::read(entry.path().join("cmdline")).ok()?;
        let arguments = String::from_utf8_lossy(&arguments).into_owned();
        let (_, config) = arguments.split_once(&mark)?;
        Some(Process {
            pid: entry.file_name().to_string_lossy().into_owned(),
            name: config.split_once(".toml")?.0.to_owned(),
        })
    });
    found.collect()
}
