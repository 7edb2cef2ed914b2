//! How long the homes and the counter of a run have for what they do.

use gridweave_agents::market::calendar::Calendar;

/// Windows within an interval (seconds).
#[derive(Debug, Clone, Copy)]
pub struct Windows {
    /// Homes post within so long from when a round opens: a third of an interval, so that solvers have
    /// the rest.
    pub post: u64,
    /// Homes hand claims and money back within so long from when they may: half of the time there is
    /// until they are called in.
    pub hand_back: u64,
    /// So long before they can no longer be credited claims are called in: half an interval.
    pub call_in: u64,
}

impl Windows {
    /// Those of a market with this calendar.
    pub fn of(calendar: &Calendar) -> Self {
        let call_in = calendar.interval_seconds() / 2;
        Self {
            post: calendar.interval_seconds() / 3,
            hand_back: calendar.open_seconds().saturating_sub(call_in) / 2,
            call_in,
        }
    }
}

#[cfg(test)]
mod tests {
    use gridweave_units::{Clock, Interval};

    use super::*;

    #[test]
    fn claims_come_back_between_the_final_trades_and_the_end_of_the_interval() {
        let lengths = [4, 5, 20, 180, 900, 3_600];
        let cases = lengths
            .into_iter()
            .flat_map(|seconds| [(seconds, 1), (seconds, 4)]);
        for (interval_seconds, clearing) in cases {
            let clock = Clock {
                genesis: 1_000,
                interval_seconds,
            };
            let calendar = Calendar::new(clock, clearing);
            let windows = Windows::of(&calendar);
            let (due, over) = (calendar.due(9), calendar.over(9));
            assert_eq!(due, clock.begin(Interval(10 - clearing)));
            assert_eq!(over, clock.begin(Interval(10)));
            let called_in = over - windows.call_in;
            assert!(due + windows.hand_back < called_in);
            assert!(windows.post < u64::from(interval_seconds));
        }
    }
}
