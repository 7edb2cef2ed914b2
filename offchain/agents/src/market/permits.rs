//! Permits and money for fresh addresses, as the operator's messages give them.

use cosmwasm_std::{Uint64, Uint128};
use gridweave_chain::{Call, ChainError, Coin, ContractAddr};
use gridweave_types::assets::{self, PermitClass, PermitEntry};

/// What an address is to be given before it can offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The address.
    pub holder: String,
    /// What it may offer.
    pub class: PermitClass,
    /// Energy (Wh).
    pub energy: u64,
    /// Money (µ).
    pub money: u128,
}

/// The calls of one transaction that issues permits and pays money of `denom` in, for at most
/// [`assets::MAX_ENTRIES`] withdrawals.
///
/// # Errors
/// [`ChainError::Encode`].
pub fn issue_calls(
    assets: &ContractAddr,
    denom: &str,
    withdrawals: &[Withdrawal],
) -> Result<Vec<Call>, ChainError> {
    let issue = assets::ExecuteMsg::IssuePermits {
        entries: withdrawals.iter().map(entry).collect(),
    };
    let mut calls = vec![Call::new(assets, &issue)?];
    for withdrawal in withdrawals.iter().filter(|withdrawal| withdrawal.money > 0) {
        let pay = assets::ExecuteMsg::AddFinancialBalance {
            holder: withdrawal.holder.clone(),
        };
        let coin = Coin::new(Uint128::new(withdrawal.money), denom);
        calls.push(Call::new(assets, &pay)?.with_funds(vec![coin]));
    }
    Ok(calls)
}

fn entry(withdrawal: &Withdrawal) -> PermitEntry {
    PermitEntry {
        holder: withdrawal.holder.clone(),
        class: withdrawal.class,
        energy: Uint64::new(withdrawal.energy),
    }
}
