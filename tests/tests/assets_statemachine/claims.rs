//! The model's claims.

use std::collections::BTreeMap;

use gridweave_testkit::billing::LIMIT;
use gridweave_types::assets::Side;

use crate::model::{Claim, Model};

/// Feeder of an account.
pub fn feeder_of(account: usize) -> u32 {
    if account < 2 { 1 } else { 2 }
}

impl Model {
    fn take_claim(&mut self, holder: usize, claim: Claim, energy: u64) -> Option<()> {
        (energy > 0).then_some(())?;
        let held = self.claims.get_mut(&(holder, claim))?;
        *held = held.checked_sub(energy)?;
        Some(())
    }

    pub fn retire(&mut self, holder: usize, claim: Claim, energy: u64) -> Option<()> {
        (claim.0 == Side::Buy).then_some(())?;
        self.take_claim(holder, claim, energy)?;
        self.deliveries.get_mut(&claim)?.retired += energy;
        Some(())
    }

    pub fn deposit(&mut self, holder: usize, claims: &[(Claim, u64)], called: bool) -> Option<()> {
        for (claim, energy) in claims {
            (!called || claim.0 == Side::Sell).then_some(())?;
            self.take_claim(holder, *claim, *energy)?;
            self.deliveries.get_mut(claim)?.deposited += energy;
        }
        Some(())
    }

    pub fn credit(&mut self, rows: &[(usize, u32, i64)]) -> Option<()> {
        let mut sums: BTreeMap<(usize, u32), i64> = BTreeMap::new();
        for &(account, t, energy) in rows {
            let side = if energy > 0 { Side::Sell } else { Side::Buy };
            let delivery = self.deliveries.get_mut(&(side, feeder_of(account), t))?;
            delivery.credited += energy.unsigned_abs();
            (energy != 0 && delivery.credited <= delivery.deposited).then_some(())?;
            *sums.entry((account, t)).or_default() += energy;
        }
        for ((account, t), energy) in sums {
            let fresh = !self.committed.contains_key(&(account, t));
            (fresh && !self.begun(t + 1) && energy.unsigned_abs() <= LIMIT).then_some(())?;
            self.committed.insert((account, t), energy);
        }
        Some(())
    }
}
