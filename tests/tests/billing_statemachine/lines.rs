//! The model's lines: promised, read, settled, disputed, summed up.

use gridweave_testkit::billing::{COLLATERAL, DISPUTE, LIMIT, PERIOD, PRICE, REFERENCE};

use crate::model::{DEMAND, FACTOR, Home, Line, Model, Origin, SLOTS};
use crate::money;

impl Model {
    pub fn commit(
        &mut self,
        source: usize,
        rows: &[(usize, u32, i64, i64)],
        paid: bool,
    ) -> Option<()> {
        rows.iter().for_each(|row| self.open(row.0));
        for &(home, t, energy, price) in rows {
            if !paid && self.suspended(home) {
                continue;
            }
            let closes = if paid { Self::end(t) } else { Self::begin(t) };
            let in_range = energy.unsigned_abs() <= LIMIT && price.unsigned_abs() <= PRICE;
            (self.now < closes && in_range).then_some(())?;
            let line = self.lines.entry((t, home)).or_default();
            (!line.sources.contains(&source)).then_some(())?;
            let price = price + SLOTS[t as usize % SLOTS.len()];
            line.sources.push(source);
            line.prices.push(price);
            line.energy += i128::from(energy);
            line.value += if paid {
                0
            } else {
                i128::from(energy) * i128::from(price)
            };
        }
        Some(())
    }

    fn suspended(&self, home: usize) -> bool {
        let Home { purse, silent, .. } = &self.homes[home];
        let secured = purse.collateral + purse.receivable >= COLLATERAL as i128;
        purse.arrears > 0 || !secured || *silent > 2
    }

    fn plausible(&self, from: u32, energies: &[i64]) -> Option<()> {
        let last = from + energies.len() as u32 - 1;
        let in_range = energies.iter().all(|energy| energy.unsigned_abs() <= LIMIT);
        (in_range && Self::end(last) <= self.now).then_some(())
    }

    pub fn read(&mut self, home: usize, from: u32, energies: &[i64]) -> Option<()> {
        self.plausible(from, energies)?;
        let fits = match self.homes[home].next {
            Some(_) => from == self.next_reading(home),
            None => from >= self.first_open(),
        };
        fits.then_some(())?;
        self.open(home);
        self.homes[home].next = Some(from + energies.len() as u32);
        self.homes[home].silent = 0;
        for (t, &energy) in (from..).zip(energies) {
            let line = self.lines.entry((t, home)).or_default();
            match line.metered {
                Some((_, Origin::Operator)) => {}
                Some(_) => self.replace(home, t, i128::from(energy), Origin::Meter),
                None => {
                    line.metered = Some((i128::from(energy), Origin::Meter));
                    line.received = self.now;
                }
            }
        }
        Some(())
    }

    pub fn correct(&mut self, home: usize, from: u32, energies: &[i64]) -> Option<()> {
        self.plausible(from, energies)?;
        (!self.is_final(from)).then_some(())?;
        for (t, &energy) in (from..).zip(energies) {
            let line = self.lines.get(&(t, home))?;
            let read = matches!(line.metered, Some((_, Origin::Meter)));
            (read && line.corrections < 8).then_some(())?;
            self.replace(home, t, i128::from(energy), Origin::Meter);
        }
        Some(())
    }

    fn replace(&mut self, home: usize, t: u32, energy: i128, origin: Origin) {
        let Some(line) = self.lines.get_mut(&(t, home)) else {
            return;
        };
        line.metered = Some((energy, origin));
        line.received = self.now;
        line.disputed = false;
        line.corrections += 1;
        if line.settled {
            self.book_line(home, t);
        }
    }

    /// Brings what was booked for a line to what it is worth now.
    fn book_line(&mut self, home: usize, t: u32) {
        let Some(line) = self.lines.get_mut(&(t, home)) else {
            return;
        };
        let metered = line.metered.map_or(0, |(energy, _)| energy);
        let deviation = metered - line.energy;
        let slot = SLOTS[t as usize % SLOTS.len()];
        let dearest = line.prices.iter().max().copied();
        let cheapest = line.prices.iter().min().copied();
        let price = if deviation < 0 { dearest } else { cheapest };
        let price = i128::from(price.unwrap_or(REFERENCE + slot));
        let worth = money::worth(line.value, deviation, price, FACTOR);
        let amount: i128 = (0..3).map(|part| worth[part] - line.worth[part]).sum();
        let dust = worth[3] - line.worth[3];
        line.worth = worth;
        let purse = &mut self.homes[home].purse;
        money::book(purse, &mut self.grid, amount, dust, COLLATERAL as i128);
    }

    pub fn settle(&mut self, t: u32, after: Option<usize>, limit: u32) -> Option<()> {
        let start = match after {
            Some(home) => 1 + self.opened.iter().position(|&opened| opened == home)?,
            None => 0,
        };
        (self.now >= Self::settles_at(t)).then_some(())?;
        self.lines.keys().any(|key| key.0 == t).then_some(())?;
        let page: Vec<usize> = self.opened[start..]
            .iter()
            .copied()
            .filter(|&home| self.lines.contains_key(&(t, home)))
            .take(limit as usize)
            .collect();
        for home in page {
            self.settle_line(t, home);
        }
        Some(())
    }

    fn settle_line(&mut self, t: u32, home: usize) {
        let (is_final, now) = (self.is_final(t), self.now);
        let Some(line) = self.lines.get_mut(&(t, home)) else {
            return;
        };
        let fresh = matches!(line.metered, Some((_, Origin::Meter)))
            && now < line.received + i64::from(DISPUTE);
        if line.settled || (!is_final && (line.disputed || fresh)) {
            return;
        }
        line.settled = true;
        line.disputed = false;
        if line.metered.is_none() {
            line.metered = Some((line.energy, Origin::Estimate));
            line.received = now;
            self.homes[home].silent += 1;
        }
        self.book_line(home, t);
    }

    /// Whether the energy of a line may be flagged now.
    pub fn may_dispute(&self, t: u32, line: &Line) -> bool {
        let until = Self::settles_at(t).max(line.received + i64::from(DISPUTE));
        let open = !matches!(line.metered, None | Some((_, Origin::Operator)));
        open && !line.disputed && self.now < until && !self.is_final(t)
    }

    pub fn dispute(&mut self, home: usize, t: u32) -> Option<()> {
        self.known(home)?;
        let line = self.lines.get(&(t, home))?;
        self.may_dispute(t, line).then_some(())?;
        self.lines.get_mut(&(t, home))?.disputed = true;
        Some(())
    }

    pub fn resolve(&mut self, home: usize, t: u32, reading: Option<i64>) -> Option<()> {
        self.known(home)?;
        let line = self.lines.get(&(t, home))?;
        let old = line.metered?.0;
        let energy = reading.map_or(old, i128::from);
        let in_range = energy.unsigned_abs() <= u128::from(LIMIT);
        (line.disputed && !self.is_final(t) && in_range).then_some(())?;
        self.replace(home, t, energy, Origin::Operator);
        Some(())
    }

    pub fn reconcile(&mut self, period: u32) -> Option<()> {
        let done = self.periods.get(&period)?.clone();
        for home in self.opened.clone() {
            let own: Vec<&Line> = (period * PERIOD..(period + 1) * PERIOD)
                .filter_map(|t| self.lines.get(&(t, home)))
                .collect();
            let settled = own.iter().all(|line| line.settled);
            if own.is_empty() || !settled || done.contains(&home) {
                continue;
            }
            let draws = own.iter().filter_map(|line| line.metered);
            let peak = draws.map(|(energy, _)| -energy).max().unwrap_or(0).max(0);
            let (amount, dust) = money::demand(DEMAND, peak);
            let purse = &mut self.homes[home].purse;
            money::book(purse, &mut self.grid, amount, dust, COLLATERAL as i128);
            self.periods.entry(period).or_default().push(home);
        }
        Some(())
    }
}
