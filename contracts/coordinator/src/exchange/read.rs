//! Reading an exchange session.

use cosmwasm_std::{Binary, StdError, StdResult, Storage};
use gridweave_types::coordinator::{
    AnswersResponse, BusPrices, ExchangeConfig, NetworkResponse, PricesResponse,
};
use gridweave_units::{Fx, pack};

use super::store::{
    CANDIDATE_PLAN, ENERGY, FINAL_LOSS, FINAL_VOLTAGE, NETWORK, StoredNetwork, index_of,
    may_load_answer, slots_in, weights_row,
};
use crate::state::{ParticipantKey, SessionId, Status, missing};

/// A participant's row of the candidate.
pub fn schedule_of(
    storage: &dyn Storage,
    key: ParticipantKey,
    participants: u32,
) -> StdResult<Vec<Fx>> {
    let plan = CANDIDATE_PLAN.load(storage, key.0)?;
    let horizon = plan.len() / participants.max(1) as usize;
    let start = key.1 as usize * horizon;
    Ok(plan
        .get(start..start + horizon)
        .map(<[Fx]>::to_vec)
        .unwrap_or_default())
}

/// Kept answers, their costs and weights; a missing answer is all zero with weight 0.
pub fn answers(
    storage: &dyn Storage,
    key: ParticipantKey,
    status: &Status,
    mode: &ExchangeConfig,
    horizon: u32,
) -> StdResult<AnswersResponse> {
    let slots = slots_in(mode, status.round.max(1));
    let (mut injections, mut costs) = (Vec::new(), Vec::new());
    for slot in 0..slots {
        match may_load_answer(storage, (key.0, key.1, slot))? {
            Some(answer) => {
                injections.extend(answer.injection);
                costs.push(answer.cost);
            }
            None => {
                injections.extend(vec![Fx::ZERO; horizon as usize]);
                costs.push(Fx::ZERO);
            }
        }
    }
    let mut weights = weights_row(storage, key.0, status, key.1)?;
    weights.resize(slots as usize, Fx::ZERO);
    Ok(AnswersResponse {
        answers: packed(&injections),
        costs: packed(&costs),
        weights: packed(&weights),
    })
}

/// One page of the network.
pub fn network(
    storage: &dyn Storage,
    session: SessionId,
    start: usize,
    limit: usize,
) -> StdResult<NetworkResponse> {
    let stored = NETWORK.load(storage, session)?;
    Ok(NetworkResponse {
        branches: stored
            .branches
            .into_iter()
            .skip(start)
            .take(limit)
            .collect(),
        root: stored.root,
    })
}

/// One page of the final prices.
pub fn prices(
    storage: &dyn Storage,
    session: SessionId,
    start: usize,
    limit: usize,
) -> StdResult<PricesResponse> {
    let buses = NETWORK.load(storage, session)?.buses();
    let tables = Tables::load(storage, session)?;
    let page = buses.iter().enumerate().skip(start).take(limit);
    Ok(PricesResponse {
        buses: page
            .map(|(index, &bus)| tables.of(bus, index, buses.len()))
            .collect(),
    })
}

/// The final prices of one bus.
pub fn prices_of(storage: &dyn Storage, session: SessionId, bus: u32) -> StdResult<BusPrices> {
    let buses = NETWORK.load(storage, session)?.buses();
    let index = index_of(&buses)(bus)
        .ok_or_else(|| StdError::msg(format!("bus {bus} is not in session {session}")))?;
    Ok(Tables::load(storage, session)?.of(bus, index, buses.len()))
}

/// The final prices of a session, interval-major.
struct Tables {
    energy: Vec<Fx>,
    loss: Vec<Fx>,
    voltage: Vec<Fx>,
}

impl Tables {
    fn load(storage: &dyn Storage, session: SessionId) -> StdResult<Self> {
        Ok(Self {
            energy: ENERGY.load(storage, session)?,
            loss: FINAL_LOSS
                .may_load(storage, session)?
                .ok_or_else(|| missing("prices (the session has not ended)"))?,
            voltage: FINAL_VOLTAGE.load(storage, session)?,
        })
    }

    fn of(&self, bus: u32, index: usize, buses: usize) -> BusPrices {
        BusPrices {
            bus,
            energy: packed(&self.energy),
            loss: packed(&column(&self.loss, buses, index)),
            voltage: packed(&column(&self.voltage, buses, index)),
        }
    }
}

/// The final DLMP at a bus; `None` if the session has no prices or the bus is unknown.
pub fn bus_prices(
    storage: &dyn Storage,
    session: SessionId,
    network: &StoredNetwork,
    bus: u32,
) -> StdResult<Option<Vec<Fx>>> {
    let buses = network.buses();
    let (Some(loss), Some(index)) = (
        FINAL_LOSS.may_load(storage, session)?,
        index_of(&buses)(bus),
    ) else {
        return Ok(None);
    };
    let voltage = FINAL_VOLTAGE.load(storage, session)?;
    let loss = column(&loss, buses.len(), index);
    let voltage = column(&voltage, buses.len(), index);
    let energy = ENERGY.load(storage, session)?;
    let parts = energy.into_iter().zip(loss).zip(voltage);
    Ok(Some(parts.map(|((e, l), v)| e + l + v).collect()))
}

/// One bus's entries of an interval-major table.
fn column(table: &[Fx], width: usize, index: usize) -> Vec<Fx> {
    table.iter().skip(index).step_by(width).copied().collect()
}

fn packed(values: &[Fx]) -> Binary {
    pack(values).into()
}
