//! The variables of one home and the rows Y(1) to Y(13).
//!
//! Two slips of the paper are mended: Y(2) decays with `e^(−Δt/RC)`, and Y(13) has the base load.

use std::ops::Range;

use gridweave_model::prosumers::{Community, HomeSchedule, Hvac, Prosumer, Shiftable, Storage};

use super::elastic::Elastic;
use crate::program::{Program, Term};

/// Bounds of the trade variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TradeLimits {
    /// `±trade_max_kw` each.
    Own,
    /// None: rows elsewhere decide.
    Elsewhere,
}

/// The variables of one home; every range has `T` entries unless said otherwise.
pub(super) struct HomeVars {
    grid: Range<usize>,
    demand_response: Vec<Option<usize>>,
    hvac: Option<[Range<usize>; 2]>,
    shiftable: Option<Range<usize>>,
    renewable: Option<Range<usize>>,
    feed_in: Option<Range<usize>>,
    /// Charge, discharge, stored energy.
    storage: Option<[Range<usize>; 3]>,
    /// `T` entries per partner, partner by partner.
    pub trade: Range<usize>,
    /// Constant of the cost: discomforts at the origin (currency).
    pub constant: f64,
}

/// A home's rows while they are added.
struct Builder<'a, 'b> {
    program: &'a mut Program,
    community: &'a Community,
    home: &'a Prosumer,
    elastic: Option<&'b mut Elastic>,
    /// Demand minus supply by interval.
    balance: Vec<Vec<Term>>,
    constant: f64,
}

impl HomeVars {
    /// Adds a home whose values have been checked, with trade with `partners` others. With `elastic`,
    /// constraints that a home can miss are relaxed and the program's cost is what they miss.
    pub fn add(
        program: &mut Program,
        community: &Community,
        home: &Prosumer,
        partners: usize,
        limits: TradeLimits,
        elastic: Option<&mut Elastic>,
    ) -> Self {
        let horizon = community.horizon;
        let trade = program.variables(horizon * partners);
        let mut builder = Builder {
            program,
            community,
            home,
            elastic,
            balance: vec![vec![]; horizon],
            constant: 0.0,
        };
        builder.trade(&trade, limits);
        let (grid, demand_response) = builder.grid();
        let hvac = home.hvac.as_ref().map(|hvac| builder.hvac(hvac));
        let shiftable = home.shiftable.as_ref().map(|load| builder.shiftable(load));
        let (renewable, feed_in) = builder.renewable();
        let storage = home.storage.as_ref().map(|s| builder.storage(s));
        let constant = builder.constant;
        builder.close();
        Self {
            grid,
            demand_response,
            hvac,
            shiftable,
            renewable,
            feed_in,
            storage,
            trade,
            constant,
        }
    }

    /// Reads the schedule out of the solution `x`.
    pub fn schedule(&self, x: &[f64]) -> HomeSchedule {
        let horizon = self.grid.len();
        let read = |range: Option<&Range<usize>>| {
            range.map_or(vec![0.0; horizon], |range| x[range.clone()].to_vec())
        };
        let storage = |at: usize| read(self.storage.as_ref().map(|vars| &vars[at]));
        let hvac = |at: usize| read(self.hvac.as_ref().map(|vars| &vars[at]));
        let response = self.demand_response.iter();
        let mut trade = vec![0.0; horizon];
        for (k, &sold) in x[self.trade.clone()].iter().enumerate() {
            trade[k % horizon] += sold;
        }
        HomeSchedule {
            grid: x[self.grid.clone()].to_vec(),
            demand_response: response.map(|var| var.map_or(0.0, |v| x[v])).collect(),
            hvac: hvac(0),
            temperature: hvac(1),
            shiftable: read(self.shiftable.as_ref()),
            renewable: read(self.renewable.as_ref()),
            feed_in: read(self.feed_in.as_ref()),
            charge: storage(0),
            discharge: storage(1),
            stored: storage(2),
            trade,
        }
    }
}

impl Builder<'_, '_> {
    fn horizon(&self) -> usize {
        self.community.horizon
    }

    fn variables(&mut self) -> Range<usize> {
        self.program.variables(self.horizon())
    }

    /// Adds a cost, unless only what is missed counts.
    fn cost(&mut self, variable: usize, quadratic: f64, linear: f64) {
        if self.elastic.is_none() {
            self.program.cost(variable, quadratic, linear);
        }
    }

    /// `variable ≥ 0` and, with `rest`, `variable + rest ≤ most`.
    fn at_least_zero(&mut self, variable: usize) {
        self.program.at_most(vec![(variable, -1.0)], 0.0);
    }

    /// The net sale of the home is the sum over its partners.
    fn trade(&mut self, trade: &Range<usize>, limits: TradeLimits) {
        let (horizon, most) = (self.horizon(), self.home.trade_max_kw);
        for (k, variable) in trade.clone().enumerate() {
            self.balance[k % horizon].push((variable, 1.0));
            if limits == TradeLimits::Own {
                self.program.within(variable, -most, most);
            }
        }
    }

    /// `C^G` with the demand charge in epigraph form, Y(1) and Y(12).
    fn grid(&mut self) -> (Range<usize>, Vec<Option<usize>>) {
        let (community, hours) = (self.community, self.community.interval_hours);
        let grid = self.variables();
        let peak = self.program.variables(1).start;
        self.cost(peak, 0.0, community.tariff.demand_charge);
        let mut responses = Vec::with_capacity(grid.len());
        for (t, g) in grid.clone().enumerate() {
            let charge = hours * community.tariff.energy_charge[t];
            self.cost(g, 0.0, charge);
            self.balance[t].push((g, -1.0));
            self.program.at_most(vec![(g, 1.0), (peak, -1.0)], 0.0);
            self.grid_cap(g, t);
            responses.push(self.demand_response(g, t));
        }
        (grid, responses)
    }

    fn grid_cap(&mut self, g: usize, t: usize) {
        let most = self.home.grid_max_kw;
        match &mut self.elastic {
            None => self.program.within(g, 0.0, most),
            Some(elastic) => {
                let excess = elastic.grid(self.program, t);
                self.program.at_most(vec![(g, -1.0)], 0.0);
                self.program.at_most(vec![(g, 1.0), (excess, -1.0)], most);
            }
        }
    }

    /// Y(12) where there is a request.
    fn demand_response(&mut self, g: usize, t: usize) -> Option<usize> {
        let rate = self.community.tariff.dr_rate[t];
        if rate <= 0.0 || !self.home.demand_response {
            return None;
        }
        let response = self.program.variables(1).start;
        self.cost(response, 0.0, -rate * self.community.interval_hours);
        self.at_least_zero(response);
        self.program.at_most(vec![(response, 1.0), (g, -1.0)], 0.0);
        self.balance[t].push((response, 1.0));
        Some(response)
    }

    /// Y(2), Y(3) and `C^AC`; power and temperature.
    fn hvac(&mut self, hvac: &Hvac) -> [Range<usize>; 2] {
        let (power, indoor) = (self.variables(), self.variables());
        let decay = hvac.decay(self.community.interval_hours);
        for t in 0..self.horizon() {
            let (p, temperature) = (power.start + t, indoor.start + t);
            self.balance[t].push((p, 1.0));
            self.program.within(p, 0.0, hvac.hvac_max_kw);
            let slope = -2.0 * hvac.omega_ac * hvac.temp_ref_c;
            self.cost(temperature, hvac.omega_ac, slope);
            self.constant += hvac.omega_ac * hvac.temp_ref_c * hvac.temp_ref_c;
            if t == 0 {
                // Within the comfort range, as was checked.
                let start = vec![(temperature, 1.0)];
                self.program.equal(start, hvac.temp_start_c);
                continue;
            }
            let outdoor = self.community.outdoor_temp_c[t];
            let terms = vec![
                (temperature, 1.0),
                (temperature - 1, -decay),
                (p - 1, -hvac.gamma_c_per_kw),
            ];
            self.program.equal(terms, outdoor * (1.0 - decay));
            self.comfort(hvac, temperature, t);
        }
        [power, indoor]
    }

    fn comfort(&mut self, hvac: &Hvac, temperature: usize, t: usize) {
        let (low, high) = (hvac.temp_min_c, hvac.temp_max_c);
        match &mut self.elastic {
            None => self.program.within(temperature, low, high),
            Some(elastic) => {
                let [below, above] = elastic.comfort(self.program, t);
                let cold = vec![(temperature, -1.0), (below, -1.0)];
                self.program.at_most(cold, -low);
                let hot = vec![(temperature, 1.0), (above, -1.0)];
                self.program.at_most(hot, high);
            }
        }
    }

    /// Y(4) and `C^S`.
    fn shiftable(&mut self, load: &Shiftable) -> Range<usize> {
        let power = self.variables();
        for (t, p) in power.clone().enumerate() {
            let preferred = load.shift_preferred_kw[t];
            self.balance[t].push((p, 1.0));
            self.cost(p, load.omega_s, -2.0 * load.omega_s * preferred);
            self.constant += load.omega_s * preferred * preferred;
            if load.is_movable(t) {
                self.at_least_zero(p);
            } else {
                self.program.equal(vec![(p, 1.0)], preferred);
            }
        }
        for window in &load.shift_windows {
            let wanted = load.shift_preferred_kw[window.clone()].iter().sum();
            let terms = window.clone().map(|t| (power.start + t, 1.0)).collect();
            self.program.equal(terms, wanted);
        }
        power
    }

    /// Y(5) and Y(11): `0 ≤ p^RE`, `0 ≤ p^FIT`, `p^RE + p^FIT ≤ P^RE`.
    fn renewable(&mut self) -> (Option<Range<usize>>, Option<Range<usize>>) {
        if self.home.renewable_kw.is_none() {
            return (None, None);
        }
        let used = self.variables();
        let fed = self.home.feed_in.then(|| self.variables());
        for (t, p) in used.clone().enumerate() {
            self.balance[t].push((p, -1.0));
            let available = self.home.renewable(t);
            let mut sum = vec![(p, 1.0)];
            if let Some(fed) = &fed {
                let f = fed.start + t;
                let rate = self.community.tariff.feed_in_rate[t];
                self.cost(f, 0.0, -rate * self.community.interval_hours);
                sum.push((f, 1.0));
            }
            if available > 0.0 {
                for &(variable, _) in &sum {
                    self.at_least_zero(variable);
                }
                self.program.at_most(sum, available);
            } else {
                for term in sum {
                    self.program.equal(vec![term], 0.0);
                }
            }
        }
        (Some(used), fed)
    }

    /// Y(6) to Y(9) and `C^B`; charge, discharge, stored energy.
    fn storage(&mut self, storage: &Storage) -> [Range<usize>; 3] {
        let (charge, discharge, stored) = (self.variables(), self.variables(), self.variables());
        let (hours, capacity) = (self.community.interval_hours, storage.energy_kwh);
        let last = self.horizon() - 1;
        for t in 0..=last {
            let (c, d, e) = (charge.start + t, discharge.start + t, stored.start + t);
            self.balance[t].extend([(c, 1.0), (d, -1.0)]);
            self.cost(c, 0.0, storage.wear * hours);
            self.cost(d, 0.0, storage.wear * hours);
            self.program.within(c, 0.0, storage.power_kw);
            self.program.within(d, 0.0, storage.discharge_power_kw);
            let mut terms = vec![
                (e, 1.0),
                (c, -hours * storage.eta_charge),
                (d, hours / storage.eta_discharge),
            ];
            let mut before = storage.soc_start * capacity;
            if t > 0 {
                terms.push((e - 1, -1.0));
                before = 0.0;
            }
            self.program.equal(terms, before);
            if t < last {
                let (low, high) = (storage.soc_min * capacity, storage.soc_max * capacity);
                self.program.within(e, low, high);
            }
        }
        self.end_state(stored.start + last, storage.soc_end * capacity);
        [charge, discharge, stored]
    }

    fn end_state(&mut self, stored: usize, wanted: f64) {
        let mut terms = vec![(stored, 1.0)];
        let last = self.horizon() - 1;
        if let Some(elastic) = &mut self.elastic {
            let [missing, left] = elastic.storage(self.program, last);
            terms.extend([(missing, 1.0), (left, -1.0)]);
        }
        self.program.equal(terms, wanted);
    }

    /// Y(13).
    fn close(self) {
        for (terms, base) in self.balance.into_iter().zip(&self.home.base_kw) {
            self.program.equal(terms, -base);
        }
    }
}
