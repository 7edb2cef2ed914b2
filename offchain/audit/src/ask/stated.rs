//! What a coordinator says of a session: commitments and side payments.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use gridweave_chain::{Chain, ChainError, ContractAddr};
use gridweave_rules::pool::whole_row;
use gridweave_rules::settlement::{energy_of, price_of};
use gridweave_types::coordinator::{
    BusPrices, Mode, QueryMsg, ScheduleResponse, ScheduleRow, SessionResponse, TradesResponse,
};
use gridweave_types::page::MAX_LIMIT;
use gridweave_units::{FX_BYTES, Fx, unpack};

/// Energy (Wh) and price (µ/kWh), as far as they are in range.
pub(super) type Stated = (Option<i64>, Option<i64>);

/// What the coordinator says of one session, by account.
pub(super) type Plan = BTreeMap<String, Part>;

/// What it says of one account.
#[derive(Default)]
pub(super) struct Part {
    /// Energies (Wh) and prices (µ/kWh) by interval: one, or one with each partner.
    pub rows: BTreeMap<u32, Vec<Stated>>,
    /// Side payment (µ) that goes with them.
    pub side_payment: i64,
}

/// Reads a session.
pub(super) async fn plan<C: Chain>(
    chain: &C,
    coordinator: &ContractAddr,
    id: u64,
) -> Result<Plan, ChainError> {
    let question = QueryMsg::Session { session: id };
    let status: SessionResponse = chain.query(coordinator, &question).await?;
    let session = Session {
        chain,
        coordinator,
        id,
        horizon: status.config.horizon as usize,
        unit: status.config.energy_unit.u64(),
    };
    let first = status.config.first_interval.u64();
    let mut prices: BTreeMap<u32, Vec<Fx>> = BTreeMap::new();
    let mut plan = Plan::new();
    let mut carries = Vec::new();
    for row in schedule(chain, coordinator, id, status.participants).await? {
        let stated = match status.config.mode {
            Mode::Consensus(_) => session.trades(row.participant).await?,
            Mode::Exchange(_) => session.priced(&row, &mut prices, None).await?,
            Mode::Pool(_) => {
                session
                    .priced(&row, &mut prices, Some(&mut carries))
                    .await?
            }
        };
        let own = plan.entry(row.account.to_string()).or_default();
        own.side_payment = row.side_payment.i64();
        for (offset, stated) in stated {
            let interval = first.checked_add(offset as u64);
            if let Some(interval) = interval.and_then(|interval| interval.try_into().ok()) {
                own.rows.entry(interval).or_default().push(stated);
            }
        }
    }
    Ok(plan)
}

/// A session of a coordinator.
struct Session<'a, C> {
    chain: &'a C,
    coordinator: &'a ContractAddr,
    id: u64,
    horizon: usize,
    /// Wh of one unit of power over one interval.
    unit: u64,
}

impl<C: Chain> Session<'_, C> {
    /// A schedule at the prices of its bus, by interval of the horizon; rounded so that all cancel where
    /// there are `carries`.
    async fn priced(
        &self,
        row: &ScheduleRow,
        prices: &mut BTreeMap<u32, Vec<Fx>>,
        carries: Option<&mut Vec<i64>>,
    ) -> Result<Vec<(usize, Stated)>, ChainError> {
        let duals = match prices.entry(row.bus) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                let place = (self.id, row.bus);
                free.insert(dlmp(self.chain, self.coordinator, place, self.horizon).await?)
            }
        };
        let powers = numbers(self.coordinator, &row.injection, self.horizon)?;
        let energies = match carries {
            Some(carries) => whole_row(&powers, self.unit, carries),
            None => powers
                .iter()
                .map(|&power| energy_of(power, self.unit))
                .collect(),
        };
        let pairs = energies.into_iter().zip(duals.iter());
        let stated = pairs.map(|(energy, &dual)| {
            let price = price_of(dual, self.unit);
            (energy.map(|energy| energy.0), price.map(|price| price.0))
        });
        Ok(stated.enumerate().collect())
    }

    /// The trades with each partner, by interval of the horizon.
    async fn trades(&self, participant: u32) -> Result<Vec<(usize, Stated)>, ChainError> {
        let question = QueryMsg::Trades {
            session: self.id,
            participant,
        };
        let answer: TradesResponse = self.chain.query(self.coordinator, &question).await?;
        let count = answer.sales.len() / FX_BYTES;
        let sales = numbers(self.coordinator, &answer.sales, count)?;
        let prices = numbers(self.coordinator, &answer.prices, count)?;
        let pairs = sales.into_iter().zip(prices).enumerate();
        let stated = pairs.map(|(at, (sold, price))| {
            let energy = energy_of(sold, self.unit).map(|energy| energy.0);
            let price = price_of(price, self.unit).map(|price| price.0);
            (at % self.horizon.max(1), (energy, price))
        });
        Ok(stated.collect())
    }
}

async fn schedule<C: Chain>(
    chain: &C,
    coordinator: &ContractAddr,
    session: u64,
    participants: u32,
) -> Result<Vec<ScheduleRow>, ChainError> {
    let mut rows: Vec<ScheduleRow> = Vec::new();
    while rows.len() < participants as usize {
        let question = QueryMsg::Schedule {
            session,
            start_after: rows.last().map(|row| row.participant),
            limit: Some(MAX_LIMIT),
        };
        let page: ScheduleResponse = chain.query(coordinator, &question).await?;
        if page.rows.is_empty() {
            break;
        }
        rows.extend(page.rows);
    }
    Ok(rows)
}

/// The DLMP of a bus: energy, loss and voltage together.
async fn dlmp<C: Chain>(
    chain: &C,
    coordinator: &ContractAddr,
    (session, bus): (u64, u32),
    horizon: usize,
) -> Result<Vec<Fx>, ChainError> {
    let question = QueryMsg::PricesOf { session, bus };
    let answer: BusPrices = chain.query(coordinator, &question).await?;
    let part = |packed| numbers(coordinator, packed, horizon);
    let (energy, loss) = (part(&answer.energy)?, part(&answer.loss)?);
    let parts = energy.into_iter().zip(loss).zip(part(&answer.voltage)?);
    Ok(parts.map(|((e, l), v)| e + l + v).collect())
}

fn numbers(
    coordinator: &ContractAddr,
    packed: &[u8],
    horizon: usize,
) -> Result<Vec<Fx>, ChainError> {
    unpack(packed, horizon).map_err(|error| ChainError::Decode {
        contract: coordinator.clone(),
        reason: error.to_string(),
    })
}
