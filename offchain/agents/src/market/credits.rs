//! The operator's part after a trade: deposited claims become paid commitments of accounts, returned
//! money is paid out to them.

use std::collections::BTreeMap;

use cosmwasm_std::{Int64, Uint128};
use gridweave_chain::{Call, Chain, ChainEvent, Contracts, Signer};
use gridweave_types::assets::{DepositRow, ExecuteMsg, MAX_CREDITS, MAX_PAYOUTS, Payee, Payout};

use super::feed::Feed;
use super::notes::{read, unexpected};
use crate::AgentError;

/// Energy that an account sold and bought for an interval (Wh).
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    sold: i64,
    bought: i64,
}

/// Whose the holders are, and what was handed back and not passed on.
#[derive(Debug, Clone)]
pub struct Credits {
    feed: Feed,
    /// Account of each holder.
    accounts: BTreeMap<String, String>,
    /// By interval and account.
    energy: BTreeMap<(u32, String), Sums>,
    /// By account (µ).
    money: BTreeMap<String, u128>,
}

impl Credits {
    /// Knows nobody yet; deposits are read from the block at `height` on.
    pub fn new(height: u64) -> Self {
        Self {
            feed: Feed::new(height),
            accounts: BTreeMap::new(),
            energy: BTreeMap::new(),
            money: BTreeMap::new(),
        }
    }

    /// Notes whose address `holder` is.
    pub fn add(&mut self, holder: &str, account: &str) {
        self.accounts.insert(holder.into(), account.into());
    }

    /// Credits and pays out all that was deposited since the last call. `billing` takes one commitment
    /// of an account and interval, so everybody must have deposited its claims of an interval by then.
    ///
    /// # Errors
    /// [`AgentError::Chain`], then the rest waits for the next call; [`AgentError::Unexpected`] for an
    /// event that is not as documented.
    pub async fn turn<C: Chain>(
        &mut self,
        chain: &C,
        contracts: &Contracts,
        operator: &Signer,
    ) -> Result<(), AgentError> {
        let assets = &contracts.market()?.assets;
        for event in self.feed.news(chain).await? {
            if event.contract.as_ref() == Some(assets) {
                self.take(&event)?;
            }
        }
        self.credit(chain, contracts, operator).await?;
        self.pay_out(chain, contracts, operator).await
    }

    async fn credit<C: Chain>(
        &mut self,
        chain: &C,
        contracts: &Contracts,
        operator: &Signer,
    ) -> Result<(), AgentError> {
        while !self.energy.is_empty() {
            let (keys, rows) = self.page();
            let credit = ExecuteMsg::CreditDeposits { rows };
            let call = Call::new(&contracts.market()?.assets, &credit)?;
            chain.execute_many(operator, vec![call]).await?;
            for key in keys {
                self.energy.remove(&key);
            }
        }
        Ok(())
    }

    async fn pay_out<C: Chain>(
        &mut self,
        chain: &C,
        contracts: &Contracts,
        operator: &Signer,
    ) -> Result<(), AgentError> {
        while !self.money.is_empty() {
            let page = self.money.iter().take(MAX_PAYOUTS);
            let page: Vec<(String, u128)> = page.map(|(to, due)| (to.clone(), *due)).collect();
            let rows = page.iter().map(|(account, amount)| Payout {
                payee: Payee::Account(account.clone()),
                amount: Uint128::new(*amount),
            });
            let pay = ExecuteMsg::PayOut {
                rows: rows.collect(),
            };
            let call = Call::new(&contracts.market()?.assets, &pay)?;
            chain.execute_many(operator, vec![call]).await?;
            for (account, _) in &page {
                self.money.remove(account);
            }
        }
        Ok(())
    }

    fn take(&mut self, event: &ChainEvent) -> Result<(), AgentError> {
        let holder = event.attribute("holder").unwrap_or_default();
        let Some(account) = self.accounts.get(holder).cloned() else {
            return Ok(());
        };
        if event.kind == "wasm-energy_deposited" {
            let energy: i64 = read(event, "energy", "Wh")?;
            let interval = read(event, "interval", "an interval")?;
            let sums = self.energy.entry((interval, account)).or_default();
            match event.attribute("side") {
                Some("sell") => sums.sold += energy,
                Some("buy") => sums.bought += energy,
                other => {
                    let other = other.unwrap_or_default();
                    return Err(unexpected("side", other, "'sell' or 'buy'"));
                }
            }
        } else if event.action() == Some("financial_deposited") {
            let amount: u128 = read(event, "amount", "µ")?;
            *self.money.entry(account).or_default() += amount;
        }
        Ok(())
    }

    /// What one message takes: all rows of some accounts and intervals.
    fn page(&self) -> (Vec<(u32, String)>, Vec<DepositRow>) {
        let (mut keys, mut rows) = (Vec::new(), Vec::new());
        for (key, sums) in &self.energy {
            let energies = [sums.sold, -sums.bought].into_iter();
            let own = energies.filter(|energy| *energy != 0);
            let own: Vec<i64> = own.collect();
            if rows.len() + own.len() > MAX_CREDITS {
                break;
            }
            keys.push(key.clone());
            rows.extend(own.into_iter().map(|energy| DepositRow {
                account: key.1.clone(),
                interval: key.0,
                energy: Int64::new(energy),
            }));
        }
        (keys, rows)
    }
}
