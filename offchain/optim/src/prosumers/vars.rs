//! The variables of one home, and the rows of its trade, purchases and balance: Y(1), Y(12), Y(13). Those of
//! its devices are in `devices.rs`.
//!
//! Two slips of the paper are mended: Y(2) decays with `e^(−Δt/RC)`, and Y(13) has the base load.

use std::ops::Range;

use gridweave_model::prosumers::{Community, HomeSchedule, Prosumer, Request};

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
    /// Purchase from the grid.
    pub grid: Range<usize>,
    /// Highest purchase, one variable.
    pub peak: usize,
    demand_response: Vec<Option<Response>>,
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

/// How much demand response a home sells in an interval.
#[derive(Debug, Clone, Copy)]
enum Response {
    /// A variable of its own.
    Variable(usize),
    /// Its baseline (kW) less what it buys.
    Below(f64),
}

/// A home's rows while they are added.
pub(super) struct Builder<'a, 'b> {
    pub program: &'a mut Program,
    pub community: &'a Community,
    pub home: &'a Prosumer,
    pub elastic: Option<&'b mut Elastic>,
    /// Demand minus supply by interval.
    pub balance: Vec<Vec<Term>>,
    pub constant: f64,
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
        let (grid, peak, demand_response) = builder.grid();
        let hvac = home.hvac.as_ref().map(|hvac| builder.hvac(hvac));
        let shiftable = home.shiftable.as_ref().map(|load| builder.shiftable(load));
        let (renewable, feed_in) = builder.renewable();
        let storage = home.storage.as_ref().map(|s| builder.storage(s));
        let constant = builder.constant;
        builder.close();
        Self {
            grid,
            peak,
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
        let responses = self.demand_response.iter().zip(self.grid.clone());
        let sold = |(response, grid): (&Option<Response>, usize)| match response {
            None => 0.0,
            Some(Response::Variable(variable)) => x[*variable],
            Some(Response::Below(baseline)) => baseline - x[grid],
        };
        let mut trade = vec![0.0; horizon];
        for (k, &sold) in x[self.trade.clone()].iter().enumerate() {
            trade[k % horizon] += sold;
        }
        HomeSchedule {
            grid: x[self.grid.clone()].to_vec(),
            demand_response: responses.map(sold).collect(),
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
    /// Number of intervals `T`.
    pub fn horizon(&self) -> usize {
        self.community.horizon
    }

    /// One free variable per interval.
    pub fn variables(&mut self) -> Range<usize> {
        self.program.variables(self.horizon())
    }

    /// Adds a cost, unless only what is missed counts.
    pub fn cost(&mut self, variable: usize, quadratic: f64, linear: f64) {
        if self.elastic.is_none() {
            self.program.cost(variable, quadratic, linear);
        }
    }

    /// `variable ≥ 0`.
    pub fn at_least_zero(&mut self, variable: usize) {
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
    fn grid(&mut self) -> (Range<usize>, usize, Vec<Option<Response>>) {
        let (community, hours) = (self.community, self.community.interval_hours);
        let grid = self.variables();
        let peak = self.program.variables(1).start;
        self.cost(peak, 0.0, community.tariff.demand_charge);
        if self.home.grid_peak_kw > 0.0 {
            self.program
                .at_most(vec![(peak, -1.0)], -self.home.grid_peak_kw);
        }
        let mut responses = Vec::with_capacity(grid.len());
        for (t, g) in grid.clone().enumerate() {
            let charge = hours * community.tariff.energy_charge[t];
            self.cost(g, 0.0, charge);
            self.balance[t].push((g, -1.0));
            self.program.at_most(vec![(g, 1.0), (peak, -1.0)], 0.0);
            self.grid_cap(g, t);
            responses.push(self.demand_response(g, t));
        }
        (grid, peak, responses)
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

    /// The answer to a request, if there is one: Y(12), or the baseline less the purchase.
    fn demand_response(&mut self, g: usize, t: usize) -> Option<Response> {
        let tariff = &self.community.tariff;
        let reward = tariff.dr_rate[t] * self.community.interval_hours;
        match tariff.request(self.home, t)? {
            Request::Purchase => {
                let response = self.program.variables(1).start;
                self.cost(response, 0.0, -reward);
                self.at_least_zero(response);
                self.program.at_most(vec![(response, 1.0), (g, -1.0)], 0.0);
                self.balance[t].push((response, 1.0));
                Some(Response::Variable(response))
            }
            Request::Baseline(baseline) => {
                self.cost(g, 0.0, reward);
                self.constant -= reward * baseline;
                Some(Response::Below(baseline))
            }
        }
    }

    /// Y(13).
    fn close(self) {
        for (terms, base) in self.balance.into_iter().zip(&self.home.base_kw) {
            self.program.equal(terms, -base);
        }
    }
}
