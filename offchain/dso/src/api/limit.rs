//! How often may be asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// Most requests per minute; as many may come at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rates {
    /// Of all senders together.
    pub total: u32,
    /// Of one account.
    pub account: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            total: 60_000,
            account: 600,
        }
    }
}

/// Requests that may still come, refilled as time goes by.
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn full(rate: u32, now: Instant) -> Self {
        Self {
            left: f64::from(rate),
            at: now,
        }
    }

    fn take(&mut self, rate: u32, now: Instant) -> bool {
        let rate = f64::from(rate);
        let minutes = now.saturating_duration_since(self.at).as_secs_f64() / 60.0;
        self.left = (self.left + minutes * rate).min(rate);
        self.at = now;
        let enough = self.left >= 1.0;
        if enough {
            self.left -= 1.0;
        }
        enough
    }
}

/// Who has asked how often. There is one entry for each participant that has asked at all.
pub(super) struct Limiter {
    rates: Rates,
    total: Mutex<Bucket>,
    accounts: Mutex<HashMap<String, Bucket>>,
}

impl Limiter {
    pub(super) fn new(rates: Rates) -> Self {
        Self {
            rates,
            total: Mutex::new(Bucket::full(rates.total, Instant::now())),
            accounts: Mutex::default(),
        }
    }

    /// Counts a request of anybody; `false` when there are too many.
    pub(super) fn admit(&self) -> bool {
        let mut total = self.total.lock().unwrap_or_else(PoisonError::into_inner);
        total.take(self.rates.total, Instant::now())
    }

    /// Counts a request that `account` has signed.
    pub(super) fn admit_account(&self, account: &str) -> bool {
        let (rate, now) = (self.rates.account, Instant::now());
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = accounts
            .entry(account.to_owned())
            .or_insert_with(|| Bucket::full(rate, now));
        bucket.take(rate, now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_bucket_is_refilled_as_time_goes_by() {
        let start = Instant::now();
        let mut bucket = Bucket::full(2, start);
        assert!(bucket.take(2, start));
        assert!(bucket.take(2, start));
        assert!(!bucket.take(2, start));
        assert!(!bucket.take(2, start + Duration::from_secs(29)));
        assert!(bucket.take(2, start + Duration::from_secs(60)));
        // Never more than the rate.
        let later = start + Duration::from_secs(3_600);
        let taken = (0..5).filter(|_| bucket.take(2, later)).count();
        assert_eq!(taken, 2);
    }

    #[test]
    fn accounts_are_counted_apart() {
        let limiter = Limiter::new(Rates {
            total: 3,
            account: 1,
        });
        assert!(limiter.admit_account("a") && limiter.admit_account("b"));
        assert!(!limiter.admit_account("a"));
        assert_eq!((0..5).filter(|_| limiter.admit()).count(), 3);
    }
}
