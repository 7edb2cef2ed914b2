//! Reading the coordinator: an ended session, its schedule or trades, and its prices.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Binary, QuerierWrapper};
use gridweave_rules::pool::whole_row;
use gridweave_rules::settlement::{energy_of, price_of};
use gridweave_types::coordinator::{
    BusPrices, Mode, Phase, QueryMsg, ScheduleResponse, ScheduleRow, SessionResponse,
    TradesResponse,
};
use gridweave_units::{Energy, FX_BYTES, Fx, unpack};

use super::Row;
use crate::error::ContractError;

/// How a session says what participants have promised.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Promise {
    /// A schedule each, priced at its bus.
    Schedule,
    /// The same, and energies must cancel.
    Pool,
    /// Trades with partners, each with a price of its own.
    Pairs,
}

/// An ended session.
pub struct Session<'a> {
    querier: QuerierWrapper<'a>,
    coordinator: &'a Addr,
    id: u64,
    /// Number of participants.
    pub participants: u32,
    /// Intervals.
    pub horizon: u32,
    first: u32,
    /// Wh of one per unit over one interval.
    unit: u64,
    promise: Promise,
    /// DLMP by bus, as far as read.
    prices: BTreeMap<u32, Vec<Fx>>,
}

impl<'a> Session<'a> {
    /// Reads what the session is.
    ///
    /// # Errors
    /// [`ContractError::Session`] unless it is a session that ended by itself.
    pub fn open(
        querier: QuerierWrapper<'a>,
        coordinator: &'a Addr,
        id: u64,
    ) -> Result<Self, ContractError> {
        let question = QueryMsg::Session { session: id };
        let status: SessionResponse = querier.query_wasm_smart(coordinator, &question)?;
        let refused = |problem: String| ContractError::Session {
            coordinator: coordinator.clone(),
            session: id,
            problem,
        };
        if !matches!(status.phase, Phase::Converged | Phase::Exhausted) {
            let phase = status.phase;
            let problem = format!("is in phase {phase:?}, expected Converged or Exhausted");
            return Err(refused(problem));
        }
        let first = status.config.first_interval.u64();
        let last = first.saturating_add(status.config.horizon.into());
        if u32::try_from(last).is_err() {
            let problem = format!("ends at interval {last}, expected below {}", u32::MAX);
            return Err(refused(problem));
        }
        Ok(Self {
            querier,
            coordinator,
            id,
            participants: status.participants,
            horizon: status.config.horizon,
            first: first as u32,
            unit: status.config.energy_unit.u64(),
            promise: match status.config.mode {
                Mode::Consensus(_) => Promise::Pairs,
                Mode::Exchange(_) => Promise::Schedule,
                Mode::Pool(_) => Promise::Pool,
            },
            prices: BTreeMap::new(),
        })
    }

    /// Up to `limit` participants after the first `seen`, as many as fit on a page of `most`
    /// commitments. Between pairs a participant has one for each partner and interval: they come one
    /// by one.
    ///
    /// # Errors
    /// When the coordinator does not answer.
    pub fn page(
        &self,
        seen: u32,
        limit: Option<u32>,
        most: u32,
    ) -> Result<Vec<ScheduleRow>, ContractError> {
        let fitting = match self.promise {
            Promise::Pairs => 1,
            Promise::Schedule | Promise::Pool => most / self.horizon.max(1),
        };
        let limit = limit.unwrap_or(fitting).min(fitting).max(1);
        let question = QueryMsg::Schedule {
            session: self.id,
            start_after: seen.checked_sub(1),
            limit: Some(limit),
        };
        let page: ScheduleResponse = self.querier.query_wasm_smart(self.coordinator, &question)?;
        Ok(page.rows)
    }

    /// What a participant has promised in Wh and µ/kWh, ascending by interval; rounded half away from
    /// zero. The energies of a pool are rounded in the order of its participants so that they cancel,
    /// with `carries`. Trades between pairs are exact opposites at the same price, so they cancel as they
    /// are, in energy and in money.
    ///
    /// # Errors
    /// When the coordinator's arrays do not have the session's length, or participants of a consensus
    /// session do not trade in pairs.
    pub fn commitments(
        &mut self,
        row: &ScheduleRow,
        carries: &mut Vec<i64>,
    ) -> Result<Vec<Row>, ContractError> {
        let unit = self.unit;
        let energies: Vec<Option<Energy>> = match self.promise {
            Promise::Pairs => return self.trades(row.participant),
            Promise::Pool => whole_row(&self.numbers(&row.injection)?, unit, carries),
            Promise::Schedule => {
                let powers = self.numbers(&row.injection)?;
                powers.iter().map(|&power| energy_of(power, unit)).collect()
            }
        };
        let first = self.first;
        let prices = self.dlmp(row.bus)?;
        let pairs = energies.into_iter().zip(prices).zip(first..);
        Ok(pairs
            .map(|((energy, &dual), interval)| Row {
                interval,
                energy,
                price: price_of(dual, unit),
            })
            .collect())
    }

    /// A participant's trades, all those of an interval together.
    fn trades(&self, participant: u32) -> Result<Vec<Row>, ContractError> {
        let session = self.id;
        let question = QueryMsg::Trades {
            session,
            participant,
        };
        let querier = self.querier;
        let answer: TradesResponse = querier
            .query_wasm_smart(self.coordinator, &question)
            .map_err(|error| self.refused(format!("has no trades between pairs: {error}")))?;
        let horizon = self.horizon as usize;
        let count = answer.sales.len() / FX_BYTES;
        let sales = self.many(&answer.sales, count)?;
        let prices = self.many(&answer.prices, count)?;
        if !count.is_multiple_of(horizon) {
            let problem = format!(
                "has {count} sales of participant {participant}, expected {horizon} for each partner"
            );
            return Err(self.refused(problem));
        }
        let row = |at: usize| Row {
            interval: self.first + (at % horizon) as u32,
            energy: energy_of(sales[at], self.unit),
            price: price_of(prices[at], self.unit),
        };
        let of = |t: usize| (t..count).step_by(horizon).map(row);
        Ok((0..horizon).flat_map(of).collect())
    }

    /// The DLMP of a bus: energy, loss and voltage together.
    fn dlmp(&mut self, bus: u32) -> Result<&[Fx], ContractError> {
        if !self.prices.contains_key(&bus) {
            let session = self.id;
            let question = QueryMsg::PricesOf { session, bus };
            let answer: BusPrices = self.querier.query_wasm_smart(self.coordinator, &question)?;
            let energy = self.numbers(&answer.energy)?;
            let loss = self.numbers(&answer.loss)?;
            let voltage = self.numbers(&answer.voltage)?;
            let parts = energy.into_iter().zip(loss).zip(voltage);
            let sum = parts.map(|((e, l), v)| e + l + v).collect();
            self.prices.insert(bus, sum);
        }
        Ok(self.prices.get(&bus).map_or(&[], Vec::as_slice))
    }

    fn numbers(&self, packed: &Binary) -> Result<Vec<Fx>, ContractError> {
        self.many(packed, self.horizon as usize)
    }

    fn many(&self, packed: &Binary, count: usize) -> Result<Vec<Fx>, ContractError> {
        unpack(packed, count).map_err(|error| self.refused(error.to_string()))
    }

    fn refused(&self, problem: String) -> ContractError {
        ContractError::Session {
            coordinator: self.coordinator.clone(),
            session: self.id,
            problem,
        }
    }
}
