//! Plain transfers of coins, and the hashes that they are found by.

use cosmwasm_std::{BankMsg, Uint128};
use cw_multi_test::Executor;
use sha2::{Digest, Sha256};

use super::ledger::{Ledger, address, refused};
use crate::{ChainError, Coin, Route, Signer, Transfer, hex};

/// A transfer that was made.
pub(super) struct Made {
    hash: String,
    route: OwnedRoute,
    transfer: Transfer,
}

/// A [`Route`] that can go to the ledger's thread.
#[derive(PartialEq, Eq)]
pub(super) struct OwnedRoute([String; 3]);

impl From<Route<'_>> for OwnedRoute {
    fn from(route: Route<'_>) -> Self {
        Self([route.from, route.to, route.denom].map(str::to_owned))
    }
}

impl Ledger {
    /// Sends `coin`; the hash of the transfer.
    pub(super) fn send_coins(
        &mut self,
        from: &Signer,
        to: &str,
        coin: Coin,
    ) -> Result<String, ChainError> {
        let route = Route {
            from: &from.address,
            to,
            denom: &coin.denom,
        };
        let route = OwnedRoute::from(route);
        let amount = Uint128::try_from(coin.amount)
            .unwrap_or(Uint128::MAX)
            .u128();
        let send = BankMsg::Send {
            to_address: to.into(),
            amount: vec![coin],
        };
        self.app
            .execute(address(from), send.into())
            .map_err(|error| refused(from, &error))?;
        let digest = Sha256::digest(self.transfers.len().to_le_bytes());
        let hash = hex::encode(&digest).to_uppercase();
        self.transfers.push(Made {
            hash: hash.clone(),
            route,
            transfer: Transfer {
                height: self.height(),
                amount,
            },
        });
        Ok(hash)
    }

    /// What the transfer called `hash` has sent on `route`.
    pub(super) fn transfer(&self, hash: &str, route: &OwnedRoute) -> Option<Transfer> {
        let made = self.transfers.iter().find(|made| made.hash == hash)?;
        let amount = match made.route == *route {
            true => made.transfer.amount,
            false => 0,
        };
        Some(Transfer {
            amount,
            ..made.transfer
        })
    }
}
