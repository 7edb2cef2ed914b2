//! The terms of the bills: from a scenario's numbers to the contract's.
//!
//! Scenarios speak of currency and MWh, the contract of µ (a millionth of a currency unit), Wh and
//! µ/kWh, all integers.

use cosmwasm_std::{Int64, Uint64, Uint128};
use gridweave_model::{BillingOptions, Instance, TariffTerm};
use gridweave_types::billing::{InstantiateMsg, Limits, MAX_PERIOD, Tariff, Term, Windows};

/// µ per currency unit.
const MICRO: f64 = 1e6;
/// µ/kWh of one currency unit per MWh.
const PRICE: f64 = 1e3;
/// Wh per MWh.
const ENERGY: f64 = 1e6;
/// Basis points of 1.
const BASIS_POINTS: f64 = 1e4;
/// Intervals ahead of the present that a commitment may lie: a compressed clock runs through many
/// before a session of many rounds has ended.
const AHEAD: u32 = 1_000_000;

/// Hours of a day.
const DAY: usize = 24;

/// What the bills are to be like.
#[derive(Debug, Clone, PartialEq)]
pub struct BillingChoice {
    /// The scenario's terms, checked.
    pub options: BillingOptions,
    /// Intervals of a day.
    pub horizon: usize,
    /// Hours of an interval.
    pub interval_hours: f64,
}

impl BillingChoice {
    /// For the days of `instance`.
    pub fn new(options: BillingOptions, instance: &Instance) -> Self {
        Self {
            options,
            horizon: instance.horizon,
            interval_hours: instance.interval_hours,
        }
    }

    /// The usual terms, for days of 24 hours in real time.
    pub fn hourly() -> Self {
        Self {
            options: BillingOptions::default(),
            horizon: DAY,
            interval_hours: 1.0,
        }
    }

    /// What `billing` is told at birth; its clock starts at `genesis` (unix seconds). The address
    /// of `grid` is for whoever deploys to fill in.
    pub fn terms(&self, treasury: &str, genesis: u64) -> InstantiateMsg {
        let options = &self.options;
        let seconds = options.seconds(self.interval_hours);
        let windows = options.windows(seconds);
        let period = (self.horizon as u32).clamp(1, MAX_PERIOD);
        InstantiateMsg {
            grid: String::new(),
            treasury: treasury.into(),
            denom: options.denom.clone(),
            genesis: u32::try_from(genesis).unwrap_or(u32::MAX),
            interval_seconds: seconds,
            period_intervals: options.period_intervals.unwrap_or(period),
            tariff: tariff(options),
            reference_price: price(options.reference_price),
            collateral: Uint128::new(money(options.collateral)),
            float: Uint128::new(money(options.float)),
            windows: Windows {
                reading: windows.reading,
                dispute: windows.dispute,
                correction: windows.correction,
            },
            limits: Limits {
                energy: Uint64::new((options.max_energy * ENERGY).round() as u64),
                price: Uint64::new((options.max_price * PRICE).round() as u64),
                silent: options.silent,
                ahead: AHEAD,
            },
        }
    }
}

/// An amount of currency in µ.
pub fn money(currency: f64) -> u128 {
    (currency * MICRO).round() as u128
}

fn price(value: f64) -> Int64 {
    Int64::new((value * PRICE).round() as i64)
}

fn tariff(options: &BillingOptions) -> Tariff {
    let terms = options.tariff.iter().map(|term| match term {
        TariffTerm::Dlmp => Term::Dlmp {},
        TariffTerm::Flat(value) => Term::Flat {
            price: price(*value),
        },
        TariffTerm::TimeOfUse(values) => Term::TimeOfUse {
            prices: values.iter().copied().map(price).collect(),
        },
        TariffTerm::Demand(value) => Term::Demand {
            price: Uint64::new((value * PRICE).round() as u64),
        },
    });
    Tariff {
        terms: terms.collect(),
        imbalance_bps: (options.imbalance * BASIS_POINTS).round() as u16,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_integers_of_the_contract() {
        let options = BillingOptions {
            tariff: vec![
                TariffTerm::Dlmp,
                TariffTerm::TimeOfUse(vec![0.0, -5.5]),
                TariffTerm::Demand(900.0),
            ],
            imbalance: 0.0725,
            interval_seconds: Some(2),
            correction_seconds: Some(90),
            ..BillingOptions::default()
        };
        let choice = BillingChoice {
            options,
            ..BillingChoice::hourly()
        };
        let terms = choice.terms("treasury", 1_700_000_000);
        assert_eq!(terms.tariff.imbalance_bps, 725);
        let prices = vec![Int64::zero(), Int64::new(-5_500)];
        assert_eq!(terms.tariff.terms[1], Term::TimeOfUse { prices });
        assert_eq!(terms.reference_price, Int64::new(150_000));
        assert_eq!(terms.collateral, Uint128::new(100_000_000));
        let windows = Windows {
            reading: 16,
            dispute: 4,
            correction: 90,
        };
        assert_eq!((terms.windows, terms.period_intervals), (windows, 24));
    }
}
