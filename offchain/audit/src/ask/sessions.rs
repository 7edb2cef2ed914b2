//! Commitments and side payments of sessions, against the coordinator's schedule and prices.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use gridweave_chain::{Chain, ChainError, ContractAddr};
use gridweave_rules::pool::whole_row;
use gridweave_rules::settlement::{energy_of, price_of};
use gridweave_types::coordinator::{
    BusPrices, Mode, QueryMsg, ScheduleResponse, ScheduleRow, SessionResponse,
};
use gridweave_types::page::MAX_LIMIT;
use gridweave_units::{Fx, unpack};

use super::Asked;
use crate::findings::Place;
use crate::{AuditError, Auditor, Ledger};

/// A commitment of a session: account, interval, energy (Wh), price (µ/kWh).
type Row = (String, u32, i64, i64);

/// What the coordinator says of one session, by account.
type Plan = BTreeMap<String, Part>;

/// What it says of one account.
#[derive(Default)]
struct Part {
    /// Energy (Wh) and price (µ/kWh) by interval.
    rows: BTreeMap<u32, (Option<i64>, Option<i64>)>,
    /// Side payment (µ) that goes with them.
    side_payment: i64,
}

impl Auditor {
    pub(super) async fn ask_sessions<C: Chain>(
        &mut self,
        chain: &C,
        asked: &mut Asked,
    ) -> Result<(), AuditError> {
        for ((coordinator, session), rows) in recorded(self.ledger()?) {
            match plan(chain, &ContractAddr::new(coordinator.clone()), session).await {
                Ok(plan) => {
                    asked.sessions = asked.sessions.saturating_add(1);
                    asked.commitments = asked.commitments.saturating_add(rows.len());
                    for row in rows {
                        self.compare_commitment(&plan, session, &row);
                    }
                    self.compare_side_payments(&plan, &(coordinator, session))?;
                }
                Err(error) => asked
                    .unavailable
                    .push(format!("session {session} of {coordinator}: {error}")),
            }
        }
        Ok(())
    }

    fn compare_commitment(&mut self, plan: &Plan, session: u64, row: &Row) {
        let (account, interval, energy, price) = row;
        let place = Place {
            height: self.height(),
            event: format!("session {session}"),
            account: Some(account.clone()),
            interval: Some(*interval),
            ..Place::default()
        };
        let known = plan.get(account).and_then(|part| part.rows.get(interval));
        let (own_energy, own_price) = known.copied().unwrap_or_default();
        let findings = self.findings_mut();
        for (part, recorded, own) in [("energy", energy, own_energy), ("price", price, own_price)] {
            if own != Some(*recorded) {
                let own = own.map_or("none".into(), |own| own.to_string());
                findings.differ(&place, part, recorded, own);
            }
        }
    }
}

impl Auditor {
    /// Side payments of accounts whose part was recorded as a whole.
    fn compare_side_payments(
        &mut self,
        plan: &Plan,
        key: &(String, u64),
    ) -> Result<(), AuditError> {
        for (account, part) in plan {
            let Some(held) = self.ledger()?.accounts.get(account) else {
                continue;
            };
            let of_session = |interval: &&u32| {
                let line = held.lines.get(interval);
                line.is_some_and(|line| {
                    let mut known = line.commitments.iter();
                    known.any(|c| c.source == key.0 && c.session == Some(key.1))
                })
            };
            let whole = part.rows.keys().filter(of_session).count() == part.rows.len();
            let own = if whole { part.side_payment } else { 0 };
            let recorded = held.side_payments.get(key).copied().unwrap_or_default();
            let place = Place {
                height: self.height(),
                event: format!("session {}", key.1),
                account: Some(account.clone()),
                ..Place::default()
            };
            if recorded != own {
                self.findings_mut()
                    .differ(&place, "side payment", recorded, own);
            }
        }
        Ok(())
    }
}

/// Commitments by coordinator and session.
fn recorded(ledger: &Ledger) -> BTreeMap<(String, u64), Vec<Row>> {
    let mut sessions: BTreeMap<_, Vec<Row>> = BTreeMap::new();
    for (account, held) in &ledger.accounts {
        for (&interval, line) in &held.lines {
            for commitment in &line.commitments {
                let Some(session) = commitment.session else {
                    continue;
                };
                let rows = sessions.entry((commitment.source.clone(), session));
                let row = (
                    account.clone(),
                    interval,
                    commitment.energy,
                    commitment.price,
                );
                rows.or_default().push(row);
            }
        }
    }
    sessions
}

async fn plan<C: Chain>(
    chain: &C,
    coordinator: &ContractAddr,
    session: u64,
) -> Result<Plan, ChainError> {
    let status: SessionResponse = chain
        .query(coordinator, &QueryMsg::Session { session })
        .await?;
    let horizon = status.config.horizon as usize;
    let first = status.config.first_interval.u64();
    let unit = status.config.energy_unit.u64();
    let mut prices: BTreeMap<u32, Vec<Fx>> = BTreeMap::new();
    let mut plan = Plan::new();
    let in_pool = matches!(status.config.mode, Mode::Pool(_));
    let mut carries = Vec::new();
    for row in schedule(chain, coordinator, session, status.participants).await? {
        let duals = match prices.entry(row.bus) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(free) => {
                free.insert(dlmp(chain, coordinator, (session, row.bus), horizon).await?)
            }
        };
        let powers = numbers(coordinator, &row.injection, horizon)?;
        let energies = match in_pool {
            true => whole_row(&powers, unit, &mut carries),
            false => powers.iter().map(|&power| energy_of(power, unit)).collect(),
        };
        let own = plan.entry(row.account.to_string()).or_default();
        own.side_payment = row.side_payment.i64();
        for ((energy, &dual), offset) in energies.into_iter().zip(duals.iter()).zip(0u64..) {
            let energy = energy.map(|energy| energy.0);
            let price = price_of(dual, unit).map(|price| price.0);
            let interval = first.checked_add(offset);
            if let Some(interval) = interval.and_then(|interval| interval.try_into().ok()) {
                own.rows.insert(interval, (energy, price));
            }
        }
    }
    Ok(plan)
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
