//! Progress on stderr: a bar on a terminal, else a line for a round.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use super::outcome::JudgedRound;

/// Long sessions report every tenth round where there is no terminal.
const LONG_SESSION: u32 = 50;

/// Shows how a session gets on.
pub struct Progress {
    hidden: bool,
    bar: Option<ProgressBar>,
    every: u32,
}

impl Progress {
    /// Starts showing a session of at most `rounds` rounds.
    pub fn start(rounds: u32) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(u64::from(rounds));
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self {
            hidden: false,
            bar,
            every: if rounds > LONG_SESSION { 10 } else { 1 },
        }
    }

    /// Shows nothing: one of many runs at once.
    pub fn hidden() -> Self {
        Self {
            hidden: true,
            bar: None,
            every: 1,
        }
    }

    /// Shows a step that is not a round, unless this is hidden.
    pub fn note(&self, text: &str) {
        if !self.hidden {
            Self::step(text);
        }
    }

    /// Shows a step that is not a round.
    pub fn step(text: &str) {
        eprintln!("{text}");
    }

    /// Shows a closed round.
    pub fn round(&self, judged: &JudgedRound) {
        let round = &judged.round;
        let gap = |value: Option<f64>| {
            value.map_or_else(|| "-".into(), |gap| format!("{:.4} %", 100.0 * gap))
        };
        let text = format!(
            "round {:>3}  primal {:.2e}  dual {:.2e}  gap {:>10}  certified {:>10}  v_min {:.4}",
            round.round,
            round.primal,
            round.dual,
            gap(judged.gap),
            gap(round.certified_gap),
            judged.v_min,
        );
        self.show(round.round, text);
    }

    /// Shows that `done` of the steps are done.
    pub fn show(&self, done: u32, text: String) {
        match &self.bar {
            Some(bar) => {
                bar.set_position(u64::from(done));
                bar.set_message(text);
            }
            None if self.hidden => {}
            None if done == 1 || done.is_multiple_of(self.every) => eprintln!("{text}"),
            None => {}
        }
    }

    /// Leaves the last line standing.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.abandon();
        }
    }
}
