//! How long energy that can be traded waits for a solution that trades it.

/// Energy that waited, and from when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded<T> {
    /// Wh.
    pub energy: u64,
    /// The book had enough on both sides to trade it.
    pub possible: T,
    /// A solution that trades it was recorded.
    pub recorded: T,
}

/// Energy in the order in which it became possible to trade it. Where one side is scarce, how long an
/// offer waits says little: a better solution may give the same energy to another offer. What is gained
/// with it is the energy.
#[derive(Debug)]
pub struct Backlog<T> {
    /// What waits: up to which total (Wh), and since when; both rise.
    steps: Vec<(u64, T)>,
    /// Total that is recorded (Wh).
    level: u64,
    recorded: Vec<Recorded<T>>,
}

impl<T> Default for Backlog<T> {
    fn default() -> Self {
        Self {
            steps: Vec::new(),
            level: 0,
            recorded: Vec::new(),
        }
    }
}

impl<T: Copy> Backlog<T> {
    /// At `at`, `total` (Wh) are traded for good or could be. Where that is less than before, what came
    /// last is lost and waits no longer.
    pub fn possible(&mut self, total: u64, at: T) {
        let kept = self.steps.partition_point(|(level, _)| *level <= total);
        let cut = self.steps.get(kept).map(|(_, since)| (total, *since));
        self.steps.truncate(kept);
        if total > self.steps.last().map_or(self.level, |(level, _)| *level) {
            self.steps.push(cut.unwrap_or((total, at)));
        }
    }

    /// At `at`, a solution was recorded with which `total` (Wh) are traded. What was possible first is
    /// taken to be recorded first.
    pub fn record(&mut self, total: u64, at: T) {
        for (level, since) in &self.steps {
            let upto = total.min(*level);
            if upto > self.level {
                self.recorded.push(Recorded {
                    energy: upto - self.level,
                    possible: *since,
                    recorded: at,
                });
                self.level = upto;
            }
        }
        self.level = self.level.max(total);
        self.steps.retain(|(level, _)| *level > self.level);
    }

    /// All energy that was recorded.
    pub fn into_recorded(self) -> Vec<Recorded<T>> {
        self.recorded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waited(energy: u64, possible: u32, recorded: u32) -> Recorded<u32> {
        Recorded {
            energy,
            possible,
            recorded,
        }
    }

    #[test]
    fn what_was_possible_first_is_recorded_first() {
        let mut backlog = Backlog::default();
        backlog.possible(10, 1);
        backlog.possible(10, 2);
        backlog.possible(30, 3);
        backlog.record(15, 4);
        backlog.record(12, 5);
        backlog.record(30, 6);
        assert_eq!(
            backlog.into_recorded(),
            [waited(10, 1, 4), waited(5, 3, 4), waited(15, 3, 6)]
        );
    }

    #[test]
    fn what_cannot_be_traded_any_more_does_not_wait() {
        let mut backlog = Backlog::default();
        backlog.possible(20, 1);
        backlog.record(5, 2);
        // Five of the fifteen that wait are lost; five others come.
        backlog.possible(15, 3);
        backlog.possible(20, 4);
        backlog.record(20, 5);
        // More than the book was found to allow.
        backlog.record(25, 6);
        backlog.possible(25, 7);
        backlog.possible(26, 8);
        backlog.record(26, 9);
        let expected = [(5, 1, 2), (10, 1, 5), (5, 4, 5), (1, 8, 9)];
        let expected = expected.map(|(energy, from, to)| waited(energy, from, to));
        assert_eq!(backlog.into_recorded(), expected);
    }
}
