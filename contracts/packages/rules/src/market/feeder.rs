//! Feeders: what they carry and what they may.

use gridweave_units::Interval;

use super::violation::Violation;

/// Limits of one feeder (Wh per interval).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeederLimits {
    /// Net export, T(5).
    pub export: u64,
    /// Net import, T(6).
    pub import: u64,
    /// Gross consumption, T(7).
    pub consumption: u64,
    /// Gross production, T(8).
    pub production: u64,
}

/// What the offers of one feeder trade in one interval (Wh).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Sold.
    pub sold: u128,
    /// Bought.
    pub bought: u128,
}

impl FeederLimits {
    /// T(5) to T(8) of one feeder in one interval. Trades inside the feeder are on both sides of
    /// the flow, so they cancel in its net.
    ///
    /// # Errors
    /// [`Violation::Export`], [`Violation::Import`], [`Violation::Consumption`],
    /// [`Violation::Production`].
    pub fn check(&self, feeder: u32, interval: Interval, flow: Flow) -> Result<(), Violation> {
        let over = |energy: u128, limit: u64| energy > u128::from(limit);
        let net = flow.sold.saturating_sub(flow.bought);
        if over(net, self.export) {
            let limit = self.export;
            return Err(Violation::Export {
                feeder,
                interval,
                net,
                limit,
            });
        }
        let net = flow.bought.saturating_sub(flow.sold);
        if over(net, self.import) {
            let limit = self.import;
            return Err(Violation::Import {
                feeder,
                interval,
                net,
                limit,
            });
        }
        let (gross, limit) = (flow.bought, self.consumption);
        if over(gross, limit) {
            return Err(Violation::Consumption {
                feeder,
                interval,
                gross,
                limit,
            });
        }
        let (gross, limit) = (flow.sold, self.production);
        if over(gross, limit) {
            return Err(Violation::Production {
                feeder,
                interval,
                gross,
                limit,
            });
        }
        Ok(())
    }
}
