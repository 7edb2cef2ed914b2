//! A signed message of a meter, checked.

use cosmwasm_std::{Addr, DepsMut, Env};
use gridweave_types::address::parse;
use gridweave_types::billing::{
    MAX_READINGS, SignedReadings, SigningDomain, reading_message, unpack_readings,
};
use gridweave_types::grid::Account as Registered;
use gridweave_types::parameter::{invalid, within};
use gridweave_units::Interval;
use sha2::{Digest, Sha256};

use crate::account::open;
use crate::authority;
use crate::error::ContractError;
use crate::state::{AccountId, NUMBERS};
use crate::work::Work;

/// Readings that the account's meter has signed and nobody has sent before.
pub struct Batch {
    /// Number of the account.
    pub id: AccountId,
    /// Its address.
    pub account: Addr,
    /// Whether the account is the grid account's, so that its meter is the one at the root.
    pub root: bool,
    /// First interval.
    pub from: u32,
    /// Energies (Wh).
    pub readings: Vec<i64>,
}

/// Checks a message and counts its nonce; returns it with the working set it belongs to.
///
/// # Errors
/// [`ContractError::NotRegistered`], [`ContractError::NoMeter`], [`ContractError::WrongNonce`],
/// [`ContractError::BadSignature`], [`ContractError::InvalidParameter`],
/// [`ContractError::Implausible`], [`ContractError::FutureReading`].
pub fn accept<'a>(
    deps: DepsMut<'a>,
    env: &Env,
    signed: &SignedReadings,
    correction: bool,
) -> Result<(Work<'a>, Batch), ContractError> {
    let account = parse(deps.api, "account", &signed.account)?;
    let mut work = Work::begin(deps.storage, env)?;
    let registered = authority::register(deps.querier, &work.config).account(&account)?;
    let readings = unpack(signed)?;
    check_energies(&work, signed.from, &readings)?;
    let id = match NUMBERS.may_load(work.storage, &account)? {
        Some(id) => id,
        None => open(&mut work, &account)?,
    };
    let nonce = signed.nonce.u64();
    let meter = work.account(id)?;
    let expected = meter.nonce.saturating_add(1);
    if nonce != expected {
        return Err(ContractError::WrongNonce {
            account,
            nonce,
            expected,
        });
    }
    meter.nonce = nonce;
    let digest = digest(env, signed, &account, correction);
    verify(deps.api, &registered, &digest, signed)?;
    let root = account == work.config.terms.treasury;
    let batch = Batch {
        id,
        account,
        root,
        from: signed.from,
        readings,
    };
    Ok((work, batch))
}

fn unpack(signed: &SignedReadings) -> Result<Vec<i64>, ContractError> {
    let bytes = signed.readings.len();
    let readings = unpack_readings(&signed.readings).ok_or_else(|| {
        invalid::<ContractError>("readings", &format!("{bytes} bytes"), "8 bytes a reading")
    })?;
    within("number of readings", readings.len(), 1, MAX_READINGS)?;
    Ok(readings)
}

/// Plausible energies of intervals that have ended.
fn check_energies(work: &Work, from: u32, readings: &[i64]) -> Result<(), ContractError> {
    let (timeline, now) = (work.config.timeline(), work.now);
    let limit = work.config.limits().energy.u64();
    let count = readings.len() as u32;
    if from.checked_add(count).is_none() {
        let expected = format!("at most {}", u32::MAX - count);
        return Err(invalid("from", &from, &expected));
    }
    for (interval, &energy) in (from..).zip(readings) {
        let ends = timeline.end(Interval(interval));
        if ends > now {
            return Err(ContractError::FutureReading {
                interval,
                ends,
                now,
            });
        }
        if energy.unsigned_abs() > limit {
            return Err(ContractError::Implausible {
                interval,
                energy,
                limit,
            });
        }
    }
    Ok(())
}

fn digest(env: &Env, signed: &SignedReadings, account: &Addr, correction: bool) -> [u8; 32] {
    let domain = SigningDomain {
        chain_id: &env.block.chain_id,
        contract: env.contract.address.as_str(),
    };
    let nonce = signed.nonce.u64();
    let message = reading_message(
        domain,
        account.as_str(),
        correction,
        nonce,
        signed.from,
        &signed.readings,
    );
    Sha256::digest(message).into()
}

fn verify(
    api: &dyn cosmwasm_std::Api,
    registered: &Registered,
    digest: &[u8],
    signed: &SignedReadings,
) -> Result<(), ContractError> {
    let account = registered.address.clone();
    let Some(key) = &registered.meter_key else {
        return Err(ContractError::NoMeter { account });
    };
    // A malformed signature or key is as good as a wrong one.
    match api.secp256k1_verify(digest, &signed.signature, key) {
        Ok(true) => Ok(()),
        _ => Err(ContractError::BadSignature { account }),
    }
}
