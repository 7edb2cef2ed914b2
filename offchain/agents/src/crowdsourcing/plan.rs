//! What the operator has from C(1): who is to do what, in Wh and µ/kWh.

use gridweave_model::crowdsourcing::{Reserve, Term};

use crate::AgentError;

/// Finds the equilibrium C(1). The same preferences must give the same plan, so that an operator that
/// comes back goes on with it.
pub trait Planner {
    /// Solves C(1), line 2 of algorithm 1.
    ///
    /// # Errors
    /// [`AgentError::Optim`].
    fn plan(&self) -> Result<DayPlan, AgentError>;
}

/// A day in the operator's numbers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DayPlan {
    /// Generators and Type 1, whose setpoints are agreed ahead.
    pub ahead: Vec<Ahead>,
    /// Crowdsourcees of Type 2.
    pub members: Vec<Member>,
    /// Who supplements what the crowd does not deliver, dearest last.
    pub generators: Vec<Generator>,
    /// Shortage `d` (Wh), by feeder and interval; negative: a surplus.
    pub shortage: Vec<Vec<i64>>,
}

/// A generator or Type 1 crowdsourcee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// Bus number, which names its account.
    pub bus: u32,
    /// Energy of each interval (Wh, injection positive).
    pub setpoints: Vec<i64>,
    /// Price (µ/kWh).
    pub rate: i64,
    /// How long the agreement lasts.
    pub term: Term,
}

/// A crowdsourcee of Type 2.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Bus number, which names its account.
    pub bus: u32,
    /// Position of its feeder in [`DayPlan::shortage`].
    pub feeder: usize,
    /// DLMP of each interval (µ/kWh).
    pub price: Vec<i64>,
    /// Price below which it is not to be asked to deliver (µ/kWh).
    pub floor: i64,
    /// Price above which it is not to be asked to draw more (µ/kWh).
    pub ceiling: i64,
    /// What it delivers beyond its own plan in the equilibrium, `u^eq` (Wh per interval).
    pub beyond: Vec<u64>,
    /// First interval in which it may be asked, and the first in which it may no longer.
    pub available: (u32, u32),
    /// Most that it delivers or draws beyond its plan in an interval, and in the day (Wh).
    pub limits: (u64, u64),
    /// What its devices can deliver as the day begins.
    pub reserve: Reserve,
    /// Charging power of its batteries in the equilibrium (pu per interval).
    pub charge: Vec<f64>,
    /// Wh per interval of a unit of power (pu).
    pub wh: f64,
}

/// A dispatchable generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generator {
    /// Bus number, which names its account.
    pub bus: u32,
    /// Energy that it can give beyond its setpoints (Wh per interval).
    pub spare: Vec<u64>,
    /// What it asks for it (µ/kWh).
    pub price: i64,
    /// Energy of its setpoints, which it may not generate (Wh per interval).
    pub output: Vec<u64>,
    /// What it pays for not having to (µ/kWh).
    pub saving: i64,
}

impl Generator {
    /// What it can do beyond its setpoints in `interval` (Wh): generate more, or less where there is a
    /// surplus.
    pub fn room(&self, interval: u32, surplus: bool) -> u64 {
        let room = if surplus { &self.output } else { &self.spare };
        room.get(interval as usize).copied().unwrap_or_default()
    }
}

impl Member {
    /// What can be asked of it in `interval` (Wh): to deliver, or where there is a `surplus` to draw,
    /// given what it has accepted so far (injection positive).
    pub fn available(&self, interval: u32, accepted: &[(u32, i64)], surplus: bool) -> u64 {
        let (from, until) = self.available;
        if interval < from || interval >= until {
            return 0;
        }
        let mut reserve = self.reserve.clone();
        for t in 0..interval {
            let of = accepted.iter().filter(|(at, _)| *at == t);
            self.live(&mut reserve, t, of.map(|(_, energy)| energy).sum());
        }
        let used: u64 = accepted
            .iter()
            .map(|(_, energy)| energy.unsigned_abs())
            .sum();
        let power = match surplus {
            true => reserve.absorbable(self.charging(interval)),
            false => reserve.available(interval as usize),
        };
        let devices = (power * self.wh).max(0.0) as u64;
        let (most, day) = self.limits;
        devices.min(most).min(day.saturating_sub(used))
    }

    /// What its devices do in `interval` with what it has promised (Wh, injection positive): what its
    /// meter reads.
    pub fn live(&self, reserve: &mut Reserve, interval: u32, promised: i64) -> i64 {
        let at = interval as usize;
        let power = promised as f64 / self.wh;
        let net = match promised > 0 {
            true => reserve.deliver(at, power),
            false => {
                let drawn = reserve.charge(self.charging(interval) - power);
                -drawn - reserve.catch_up(at)
            }
        };
        (net * self.wh).round() as i64
    }

    /// Charging power of its batteries that nobody pays for (pu).
    fn charging(&self, interval: u32) -> f64 {
        let charge = self.charge.get(interval as usize);
        charge.copied().unwrap_or_default()
    }
}
