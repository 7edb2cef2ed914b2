//! `Commit`, `ForfeitCommit`, and revealing.

use cosmwasm_std::{Addr, Binary, DepsMut, Env, MessageInfo, Response};
use gridweave_types::address::parse;
use gridweave_types::event::ACTION;
use gridweave_types::market::{
    CommitDomain, ConfigResponse, MAX_SALT_BYTES, Reveal, commit_message,
};
use gridweave_types::parameter::invalid;
use sha2::{Digest, Sha256};

use super::{load, penalize};
use crate::error::ContractError;
use crate::state::{CONFIG, Commit, SOLVERS, Solver, Status};

/// Until when a commitment may be revealed (unix seconds).
pub fn reveal_until(reveal: Reveal, commit: &Commit) -> u64 {
    commit.time.saturating_add(reveal.seconds.into())
}

/// Binds the sender to a solution.
///
/// # Errors
/// [`ContractError::InvalidParameter`] for markets without commitments and for other lengths,
/// [`ContractError::NoSolver`], [`ContractError::Inactive`], [`ContractError::Pending`].
pub fn commit(
    deps: DepsMut,
    env: &Env,
    info: &MessageInfo,
    hash: Binary,
) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let Some(reveal) = config.reveal else {
        return Err(invalid("commit", &hash, "none in this market"));
    };
    if hash.len() != 32 {
        let bytes = format!("{} bytes", hash.len());
        return Err(invalid("hash", &bytes, "32 bytes"));
    }
    let mut solver = load(deps.storage, &info.sender)?;
    require_active(&config, &info.sender, &solver)?;
    if solver.commit.is_some() {
        return Err(ContractError::Pending {
            solver: info.sender.clone(),
            what: "a commitment to reveal",
        });
    }
    let commit = Commit {
        hash,
        height: env.block.height,
        time: env.block.time.seconds(),
    };
    let until = reveal_until(reveal, &commit);
    let hash = commit.hash.to_base64();
    solver.commit = Some(commit);
    SOLVERS.save(deps.storage, &info.sender, &solver)?;
    Ok(Response::new()
        .add_attribute(ACTION, "solution_committed")
        .add_attribute("solver", &info.sender)
        .add_attribute("hash", hash)
        .add_attribute("until", until.to_string()))
}

/// That a solver has its full bond.
///
/// # Errors
/// [`ContractError::Inactive`].
pub fn require_active(
    config: &ConfigResponse,
    address: &Addr,
    solver: &Solver,
) -> Result<(), ContractError> {
    if solver.bond >= config.bond.amount {
        return Ok(());
    }
    Err(ContractError::Inactive {
        solver: address.clone(),
        bond: solver.bond,
        expected: config.bond.amount,
    })
}

/// Takes the forfeit for a commitment that was not revealed in time.
///
/// # Errors
/// [`ContractError::InvalidAddress`], [`ContractError::NoSolver`], [`ContractError::Nothing`],
/// [`ContractError::TooEarly`].
pub fn forfeit(deps: DepsMut, env: &Env, solver: &str) -> Result<Response, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let address = parse(deps.api, "solver", solver)?;
    let mut solver = load(deps.storage, &address)?;
    let until = match (config.reveal, &solver.commit) {
        (Some(reveal), Some(commit)) => reveal_until(reveal, commit),
        _ => {
            let what = "commitment";
            return Err(ContractError::Nothing {
                solver: address,
                what,
            });
        }
    };
    let now = env.block.time.seconds();
    if now <= until {
        return Err(ContractError::TooEarly {
            what: "forfeit".into(),
            opens: until + 1,
            now,
        });
    }
    let mut status = Status::load(deps.storage)?;
    let penalty = penalize(&mut status, &mut solver, config.bond.withheld.u128());
    solver.commit = None;
    SOLVERS.save(deps.storage, &address, &solver)?;
    status.save(deps.storage);
    Ok(Response::new()
        .add_attribute(ACTION, "solution_withheld")
        .add_attribute("solver", address)
        .add_attribute("penalty", penalty.to_string())
        .add_attribute("bond", solver.bond))
}

/// Checks a solution against the sender's commitment, where the market wants one, and clears it.
///
/// # Errors
/// [`ContractError::InvalidParameter`] for a salt that is too long or in a market without
/// commitments, [`ContractError::Nothing`], [`ContractError::SameBlock`],
/// [`ContractError::TooLate`], [`ContractError::WrongReveal`].
pub fn reveal(
    config: &ConfigResponse,
    env: &Env,
    (address, solver): (&Addr, &mut Solver),
    round: u32,
    salt: Option<Binary>,
    digest: &[u8; 32],
) -> Result<(), ContractError> {
    let salt = salt.unwrap_or_default();
    if salt.len() > MAX_SALT_BYTES {
        let expected = format!("at most {MAX_SALT_BYTES} bytes");
        return Err(invalid("salt", &format!("{} bytes", salt.len()), expected));
    }
    let Some(terms) = config.reveal else {
        return match salt.is_empty() {
            true => Ok(()),
            false => Err(invalid("salt", &salt, "none in this market")),
        };
    };
    let Some(commit) = solver.commit.take() else {
        return Err(ContractError::Nothing {
            solver: address.clone(),
            what: "commitment",
        });
    };
    let height = commit.height;
    if env.block.height <= height {
        return Err(ContractError::SameBlock { height });
    }
    let (until, now) = (reveal_until(terms, &commit), env.block.time.seconds());
    if now > until {
        let what = "the commitment".into();
        return Err(ContractError::TooLate { what, until, now });
    }
    let domain = CommitDomain {
        chain_id: &env.block.chain_id,
        market: env.contract.address.as_str(),
        solver: address.as_str(),
        round,
    };
    let hash = Sha256::digest(commit_message(domain, &salt, digest));
    if hash.as_slice() == commit.hash.as_slice() {
        return Ok(());
    }
    Err(ContractError::WrongReveal {
        solver: address.clone(),
    })
}
