//! The model's permits.

use std::collections::BTreeSet;

use gridweave_types::assets::Side;

use crate::model::{Class, Model};

impl Model {
    /// Energy of permits that could be used in an interval.
    pub fn issued(&self, side: Side, feeder: u32, t: u32) -> u64 {
        let classes = self.classes.iter().filter(|(class, _)| {
            class.side == side && class.feeder == feeder && class.set.contains(&t)
        });
        classes
            .map(|(_, sums)| sums.issued + sums.narrowed_in - sums.narrowed_out - sums.retired)
            .sum()
    }

    pub fn issue(&mut self, rows: &[(usize, Class, u64)]) -> Option<()> {
        for (holder, class, energy) in rows {
            (*energy > 0 && !self.over(class) && class.feeder <= 2).then_some(())?;
            let all: u64 = self.classes.values().map(|sums| sums.issued).sum();
            all.checked_add(*energy)?;
            self.totals(class).issued += energy;
            self.put_permit(*holder, class, *energy);
            for &t in &class.set {
                let issued = self.issued(class.side, class.feeder, t);
                let limit = self.limits.get(&class.feeder);
                limit.is_none_or(|limit| issued <= *limit).then_some(())?;
            }
        }
        Some(())
    }

    pub fn split(
        &mut self,
        holder: usize,
        class: &Class,
        parts: &[(BTreeSet<u32>, u64)],
    ) -> Option<()> {
        for (set, energy) in parts {
            let narrower = set.is_subset(&class.set) && *set != class.set;
            (*energy > 0 && narrower).then_some(())?;
            self.take_permit(holder, class, *energy)?;
            self.totals(class).narrowed_out += energy;
            let narrow = Class {
                set: set.clone(),
                ..class.clone()
            };
            self.totals(&narrow).narrowed_in += energy;
            self.put_permit(holder, &narrow, *energy);
        }
        Some(())
    }

    pub fn expire(&mut self, holder: usize, class: &Class) -> Option<()> {
        let energy = self.free(holder, class);
        (self.over(class) && energy > 0).then_some(())?;
        self.take_permit(holder, class, energy)?;
        self.totals(class).expired += energy;
        Some(())
    }

    pub fn burn(&mut self, holder: usize, class: &Class, energy: u64) -> Option<()> {
        (energy > 0).then_some(())?;
        self.take_permit(holder, class, energy)?;
        self.totals(class).retired += energy;
        Some(())
    }
}
