//! What queries answer.

use cosmwasm_std::{StdResult, Storage};
use gridweave_rules::pool::side_payment;
use gridweave_types::coordinator::{
    BusPrices, CertificateResponse, PoolAssignment, PoolConfig, PoolResponse, SessionConfig,
};
use gridweave_units::{Fx, pack};

use super::close::{certified_gap, weights};
use super::store::{BEST, FORMULA, PRICE, load_formula, load_pool, load_running, load_w};
use super::{holding, is_closing};
use crate::state::{
    ParticipantInfo, ParticipantKey, SessionId, Status, load_attendance, missing, mobility,
};

/// What a participant is asked.
pub struct Asked {
    /// Weight `ρ_k`.
    pub rho: Fx,
    /// Copy `z`.
    pub copy: Vec<Fx>,
    /// Price `λ_k`.
    pub price: Vec<Fx>,
    /// The rest.
    pub pool: PoolAssignment,
}

/// What a participant is asked in the current round of a session that is open.
pub fn assignment(
    storage: &dyn Storage,
    key: ParticipantKey,
    info: &ParticipantInfo,
    config: &SessionConfig,
    mode: &PoolConfig,
    status: &Status,
) -> StdResult<Option<Asked>> {
    let Some(formula) = FORMULA.may_load(storage, key.0)? else {
        return Ok(None);
    };
    let (round, horizon) = (status.round, formula.horizon());
    let mobility = mobility(info);
    let plan = if round > 1 {
        let (answer, _) = holding::standing(storage, key, round - 1, horizon)?;
        formula.plan(mobility, &answer)
    } else {
        Vec::new()
    };
    Ok(Some(Asked {
        rho: weights(&mode.weights).at(round),
        copy: formula.copy(mobility, &load_w(storage, key, horizon)?),
        price: PRICE.load(storage, key.0)?,
        pool: PoolAssignment {
            mobility,
            closing: is_closing(config, round),
            settlement: pack(&formula.settlement).into(),
            plan: pack(&plan).into(),
        },
    }))
}

/// A participant's part of the best confirmed plan, and the side payment (µ) that goes with it.
pub fn outcome(
    storage: &dyn Storage,
    key: ParticipantKey,
    info: &ParticipantInfo,
) -> StdResult<(Vec<Fx>, i64)> {
    let horizon = info.size as usize;
    let best = load_pool(storage, key.0)?.best;
    let attendance = load_attendance(storage, key)?;
    // Replaced in a round, it does not trade from that round on.
    if best.round == 0 || (attendance.replaced && attendance.last_round <= best.round) {
        return Ok((vec![Fx::ZERO; horizon], 0));
    }
    let formula = BEST
        .may_load(storage, key.0)?
        .ok_or_else(|| missing("best plan"))?;
    let (answer, gain) = holding::standing(storage, key, best.round, horizon)?;
    let payment = side_payment(gain, best.gained, best.lost).unwrap_or_default();
    Ok((formula.plan(mobility(info), &answer), payment))
}

/// Price at which the best confirmed plan is paid, the same at every bus.
pub fn prices(storage: &dyn Storage, session: SessionId, bus: u32) -> StdResult<BusPrices> {
    let settlement = settlement(storage, session)?;
    let zeros = pack(&vec![Fx::ZERO; settlement.len()]);
    Ok(BusPrices {
        bus,
        energy: pack(&settlement).into(),
        loss: zeros.clone().into(),
        voltage: zeros.into(),
    })
}

/// Price and totals.
pub fn describe(storage: &dyn Storage, session: SessionId) -> StdResult<PoolResponse> {
    let pool = load_pool(storage, session)?;
    let horizon = load_formula(storage, session)?.horizon();
    Ok(PoolResponse {
        price: pack(&PRICE.load(storage, session)?).into(),
        mobility: pool.mobility,
        plan_round: pool.best.round,
        settlement: pack(&settlement(storage, session)?).into(),
        gained: pool.best.gained.into(),
        lost: pool.best.lost.into(),
        confirmed: load_running(storage, session, horizon)?.confirmed,
    })
}

/// The certified gap of the best confirmed plan.
pub fn certificate(storage: &dyn Storage, session: SessionId) -> StdResult<CertificateResponse> {
    let pool = load_pool(storage, session)?;
    Ok(CertificateResponse {
        cost: pool.best.cost,
        bound: pool.bound,
        gap: certified_gap(&pool),
        round: pool.best.round,
        basis: "costs that the participants confirm and best-response claims, both as honest as they are; replaced participants do not trade".into(),
    })
}

fn settlement(storage: &dyn Storage, session: SessionId) -> StdResult<Vec<Fx>> {
    let best = BEST.may_load(storage, session)?;
    best.map(|formula| formula.settlement)
        .ok_or_else(|| missing("best plan"))
}
