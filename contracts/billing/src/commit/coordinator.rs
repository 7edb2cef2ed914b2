//! Reading the coordinator: an ended exchange or pool session, its schedule and its prices.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Binary, QuerierWrapper};
use gridweave_rules::pool::whole_row;
use gridweave_rules::settlement::{energy_of, price_of};
use gridweave_types::coordinator::{
    BusPrices, Mode, Phase, QueryMsg, ScheduleResponse, ScheduleRow, SessionResponse,
};
use gridweave_units::{Energy, Fx, unpack};

use super::Row;
use crate::error::ContractError;

/// An ended exchange or pool session.
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
    /// Whether energies must cancel.
    pool: bool,
    /// DLMP by bus, as far as read.
    prices: BTreeMap<u32, Vec<Fx>>,
}

impl<'a> Session<'a> {
    /// Reads what the session is.
    ///
    /// # Errors
    /// [`ContractError::Session`] unless it is an exchange or pool session that ended by itself.
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
        if matches!(status.config.mode, Mode::Consensus(_)) {
            let problem =
                "is in consensus mode, which has no prices per bus; expected exchange or pool";
            return Err(refused(problem.into()));
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
            pool: matches!(status.config.mode, Mode::Pool(_)),
            prices: BTreeMap::new(),
        })
    }

    /// Up to `limit` participants after the first `seen`.
    ///
    /// # Errors
    /// When the coordinator does not answer.
    pub fn page(&self, seen: u32, limit: u32) -> Result<Vec<ScheduleRow>, ContractError> {
        let question = QueryMsg::Schedule {
            session: self.id,
            start_after: seen.checked_sub(1),
            limit: Some(limit),
        };
        let page: ScheduleResponse = self.querier.query_wasm_smart(self.coordinator, &question)?;
        Ok(page.rows)
    }

    /// A participant's schedule in Wh and µ/kWh; rounded half away from zero. The energies of a pool
    /// are rounded in the order of its participants so that they cancel, with `carries`.
    ///
    /// # Errors
    /// When the coordinator's arrays do not have the session's length.
    pub fn commitments(
        &mut self,
        row: &ScheduleRow,
        carries: &mut Vec<i64>,
    ) -> Result<Vec<Row>, ContractError> {
        let powers = self.numbers(&row.injection)?;
        let unit = self.unit;
        let energies: Vec<Option<Energy>> = match self.pool {
            true => whole_row(&powers, unit, carries),
            false => powers.iter().map(|&power| energy_of(power, unit)).collect(),
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
        unpack(packed, self.horizon as usize).map_err(|error| ContractError::Session {
            coordinator: self.coordinator.clone(),
            session: self.id,
            problem: error.to_string(),
        })
    }
}
