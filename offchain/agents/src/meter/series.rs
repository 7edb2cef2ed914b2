//! What a meter reads, and from when it can report it.

use gridweave_model::MeterOptions;
use rand::RngExt;

use crate::faults::{Stream, generator};

/// How a simulated meter reports: in batches, at times late, at times not at all for a while.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reporting {
    /// Batches and faults.
    pub options: MeterOptions,
    /// Seed of the faults.
    pub seed: u64,
    /// Which of the meters.
    pub meter: u32,
}

/// The readings of consecutive intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// First interval.
    pub first: u32,
    /// Energy of each interval (Wh, injection positive).
    pub readings: Vec<i64>,
    /// For each: the interval at whose begin it can be sent.
    due: Vec<u32>,
}

impl Series {
    /// Readings that can be sent as soon as their interval has ended.
    pub fn prompt(first: u32, readings: Vec<i64>) -> Self {
        let due = readings.iter().zip(1u32..);
        Self {
            first,
            due: due
                .map(|(_, offset)| first.saturating_add(offset))
                .collect(),
            readings,
        }
    }

    /// Readings that are reported as `reporting` says. The faults depend on the place in the
    /// series, not on the interval, so that a day errs alike whenever it is held.
    pub fn reported(first: u32, readings: Vec<i64>, reporting: &Reporting) -> Self {
        let count = readings.len() as u32;
        let outages = reporting.outages(count);
        let due = (0..count).map(|place| reporting.due(place, count, &outages));
        let due = due.map(|due| first.saturating_add(due));
        Self {
            first,
            due: due.collect(),
            readings,
        }
    }

    /// Replaces the reading of an interval, which nobody has sent yet; nothing outside the series.
    pub fn set(&mut self, interval: u32, reading: i64) {
        let place = interval.checked_sub(self.first);
        if let Some(known) = place.and_then(|place| self.readings.get_mut(place as usize)) {
            *known = reading;
        }
    }

    /// The interval after the last.
    pub fn end(&self) -> u32 {
        self.first.saturating_add(self.readings.len() as u32)
    }

    /// The readings from interval `from` on that can be sent when interval `now` has begun, at
    /// most `most`. A meter reads nothing before its first interval.
    pub fn ready(&self, from: u32, now: u32, most: usize) -> Vec<i64> {
        let before = (from..self.first).take_while(|&interval| interval < now);
        let skipped = from.saturating_sub(self.first) as usize;
        let readings = self.readings.iter().zip(&self.due).skip(skipped);
        let ready = readings.take_while(|(_, due)| **due <= now);
        before
            .map(|_| 0)
            .chain(ready.map(|(reading, _)| *reading))
            .take(most)
            .collect()
    }
}

impl Reporting {
    /// Places at which outages begin.
    fn outages(&self, count: u32) -> Vec<u32> {
        let starts = (0..count).filter(|&t| self.happens(Stream::Outage, t, self.options.outage));
        starts.collect()
    }

    /// When the reading at `place` of `count` can be sent, counted from the first interval.
    fn due(&self, place: u32, count: u32, outages: &[u32]) -> u32 {
        let options = &self.options;
        let batch = place / options.batch;
        let complete = count.min((batch + 1).saturating_mul(options.batch));
        let late = self.happens(Stream::Delay, batch, options.late);
        let ready = match late {
            true => complete.saturating_add(options.late_intervals),
            false => complete,
        };
        self.after_outages(ready, outages)
    }

    /// `ready`, or the end of the outages that it falls into.
    fn after_outages(&self, ready: u32, outages: &[u32]) -> u32 {
        let length = self.options.outage_intervals;
        outages.iter().fold(ready, |ready, &start| {
            let end = start.saturating_add(length);
            match (start..end).contains(&ready) {
                true => end,
                false => ready,
            }
        })
    }

    fn happens(&self, stream: Stream, place: u32, probability: f64) -> bool {
        let draw: f64 = generator(self.seed, stream, self.meter, place).random();
        draw < probability
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reporting(options: MeterOptions) -> Reporting {
        Reporting {
            options,
            seed: 1,
            meter: 3,
        }
    }

    const SOUND: MeterOptions = MeterOptions {
        batch: 4,
        deviation: 0.0,
        late: 0.0,
        late_intervals: 5,
        outage: 0.0,
        outage_intervals: 7,
    };

    #[test]
    fn batches_are_sent_when_they_are_complete() {
        let series = Series::reported(100, (1..=6).collect(), &reporting(SOUND));
        assert_eq!(series.end(), 106);
        assert_eq!(series.ready(100, 103, 200), Vec::<i64>::new());
        assert_eq!(series.ready(100, 104, 200), [1, 2, 3, 4]);
        assert_eq!(series.ready(102, 104, 200), [3, 4]);
        assert_eq!(series.ready(104, 105, 200), Vec::<i64>::new());
        // The last batch is shorter.
        assert_eq!(series.ready(104, 106, 200), [5, 6]);
        assert_eq!(series.ready(100, 106, 5), [1, 2, 3, 4, 5]);
        assert_eq!(series.ready(106, 200, 200), Vec::<i64>::new());
    }

    #[test]
    fn prompt_readings_wait_for_nothing() {
        let series = Series::prompt(10, vec![7, 8]);
        assert_eq!(series.ready(10, 11, 200), [7]);
        assert_eq!(series.ready(10, 12, 200), [7, 8]);
    }

    #[test]
    fn readings_may_become_known_later() {
        let mut series = Series::prompt(10, vec![0, 0]);
        series.set(11, 8);
        series.set(9, 7);
        series.set(12, 7);
        assert_eq!(series.ready(10, 20, 200), [0, 8]);
    }

    #[test]
    fn before_its_first_interval_a_meter_reads_nothing() {
        let series = Series::prompt(10, vec![7]);
        assert_eq!(series.ready(8, 9, 200), [0]);
        assert_eq!(series.ready(8, 11, 200), [0, 0, 7]);
    }

    #[test]
    fn late_messages_hold_up_those_after_them() {
        let late = reporting(MeterOptions { late: 1.0, ..SOUND });
        let series = Series::reported(0, vec![1; 8], &late);
        assert_eq!(series.ready(0, 8, 200).len(), 0);
        assert_eq!(series.ready(0, 9, 200).len(), 4);
        assert_eq!(series.ready(0, 13, 200).len(), 8);
    }

    #[test]
    fn a_silent_meter_reports_everything_when_it_is_back() {
        let silent = reporting(MeterOptions {
            outage: 1.0,
            ..SOUND
        });
        // Outages begin in each of the 4 intervals; the last one ends with interval 9.
        let series = Series::reported(0, vec![1; 4], &silent);
        assert_eq!(series.ready(0, 4, 200).len(), 0);
        assert_eq!(series.ready(0, 9, 200).len(), 0);
        assert_eq!(series.ready(0, 10, 200).len(), 4);
    }

    #[test]
    fn faults_repeat_with_the_seed() {
        let some = MeterOptions {
            late: 0.3,
            outage: 0.05,
            ..SOUND
        };
        let due = |seed, meter| {
            let reporting = Reporting {
                options: some,
                seed,
                meter,
            };
            Series::reported(0, vec![0; 96], &reporting).due
        };
        assert_eq!(due(1, 1), due(1, 1));
        assert_ne!(due(1, 1), due(2, 1));
        assert_ne!(due(1, 1), due(1, 2));
    }
}
