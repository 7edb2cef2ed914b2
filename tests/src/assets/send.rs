//! Actions, one helper each.

use cosmwasm_std::{Addr, StdResult, coins};
use cw_multi_test::AppResponse;
use gridweave_types::assets::{
    Asset, ClaimBalance, ClaimClass, Credit, DepositRow, ExecuteMsg, Payee, Payout, PermitClass,
    PermitEntry, PermitPart, Trade,
};

use super::Assets;
use crate::{DENOM, assert_refused};

/// What the contract answered.
pub type Sent = StdResult<AppResponse>;

impl Assets {
    /// Sends a message, with `amount` of the one denom.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn send(&mut self, sender: &Addr, message: &ExecuteMsg, amount: u128) -> Sent {
        let contract = self.contract.clone();
        let funds = match amount {
            0 => Vec::new(),
            _ => coins(amount, DENOM),
        };
        let suite = &mut self.billing.chain.suite;
        suite.execute(sender, &contract, message, &funds)
    }

    /// Sends a message as the operator.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn operate(&mut self, message: &ExecuteMsg) -> Sent {
        let operator = self.operator.clone();
        self.send(&operator, message, 0)
    }

    /// Asserts that the contract refuses `message` with `expected` and keeps its state.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn refuses(&mut self, sender: &Addr, message: &ExecuteMsg, expected: &str) {
        let before = self.billing.chain.suite.state(&self.contract);
        assert_refused(self.send(sender, message, 0), &expected);
        let after = self.billing.chain.suite.state(&self.contract);
        assert_eq!(after, before, "a refused message left traces");
    }

    /// Asserts that the contract refuses what the market asks.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn refuses_market(&mut self, message: &ExecuteMsg, expected: &str) {
        let market = self.market.clone();
        self.refuses(&market, message, expected);
    }

    /// The operator issues permits.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn issue(&mut self, entries: &[(&Addr, PermitClass, u64)]) -> Sent {
        self.operate(&issue(entries))
    }

    /// Somebody with coins pays in for a holder.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn fund(&mut self, holder: &Addr, amount: u128) -> Sent {
        let sponsor = self.far.clone();
        let holder = holder.to_string();
        self.send(
            &sponsor,
            &ExecuteMsg::AddFinancialBalance { holder },
            amount,
        )
    }

    /// The market locks a permit and money.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn lock(
        &mut self,
        offer: u64,
        holder: &Addr,
        permit: PermitClass,
        energy: u64,
        money: u128,
    ) -> Sent {
        let market = self.market.clone();
        self.send(&market, &lock(offer, holder, permit, energy, money), 0)
    }

    /// The market settles trades.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn settle(&mut self, interval: u32, trades: &[Trade]) -> Sent {
        let market = self.market.clone();
        self.send(&market, &settle(interval, trades), 0)
    }

    /// The market releases locks.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn release(&mut self, offers: &[u64]) -> Sent {
        let market = self.market.clone();
        self.send(&market, &release(offers), 0)
    }

    /// A holder hands over claims.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn deposit_energy(&mut self, holder: &Addr, claims: &[(ClaimClass, u64)]) -> Sent {
        self.send(holder, &deposit_energy(None, claims), 0)
    }

    /// The operator credits deposits: account, interval, energy.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn credit(&mut self, rows: &[(&Addr, u32, i64)]) -> Sent {
        self.operate(&credit(rows))
    }

    /// A holder returns money to the operator.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn return_money(&mut self, holder: &Addr, amount: u128) -> Sent {
        let message = ExecuteMsg::DepositFinancial {
            amount: amount.into(),
            credit: Credit::Account,
        };
        self.send(holder, &message, 0)
    }

    /// The operator pays out.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn pay_out(&mut self, rows: &[(Payee, u128)]) -> Sent {
        self.operate(&pay_out(rows))
    }
}

/// See [`Assets::issue`].
pub fn issue(entries: &[(&Addr, PermitClass, u64)]) -> ExecuteMsg {
    let entries = entries.iter().map(|&(holder, class, energy)| PermitEntry {
        holder: holder.to_string(),
        class,
        energy: energy.into(),
    });
    ExecuteMsg::IssuePermits {
        entries: entries.collect(),
    }
}

/// A holder narrows parts of a permit.
///
/// # Panics
/// When a part is no set of intervals.
pub fn split(class: PermitClass, parts: &[(&str, u64)]) -> ExecuteMsg {
    let parts = parts.iter().map(|&(intervals, energy)| PermitPart {
        intervals: intervals.parse().expect("a set of intervals"),
        energy: energy.into(),
    });
    ExecuteMsg::Split {
        class,
        parts: parts.collect(),
    }
}

/// Anyone strikes out a holder's permit.
pub fn expire(holder: &Addr, class: PermitClass) -> ExecuteMsg {
    ExecuteMsg::Expire {
        holder: holder.to_string(),
        class,
    }
}

/// A holder gives up energy.
pub fn retire(asset: Asset, energy: u64) -> ExecuteMsg {
    ExecuteMsg::Retire {
        asset,
        energy: energy.into(),
        reason: "no longer needed".into(),
    }
}

/// See [`Assets::lock`].
pub fn lock(
    offer: u64,
    holder: &Addr,
    permit: PermitClass,
    energy: u64,
    money: u128,
) -> ExecuteMsg {
    ExecuteMsg::Lock {
        offer: offer.into(),
        holder: holder.to_string(),
        permit,
        energy: energy.into(),
        money: money.into(),
    }
}

/// See [`Assets::settle`].
pub fn settle(interval: u32, trades: &[Trade]) -> ExecuteMsg {
    ExecuteMsg::SettleTrades {
        interval,
        trades: trades.to_vec(),
    }
}

/// See [`Assets::release`].
pub fn release(offers: &[u64]) -> ExecuteMsg {
    ExecuteMsg::Release {
        offers: offers.iter().map(|&offer| offer.into()).collect(),
    }
}

/// See [`Assets::deposit_energy`]; the operator may name another holder.
pub fn deposit_energy(holder: Option<&Addr>, claims: &[(ClaimClass, u64)]) -> ExecuteMsg {
    let claims = claims.iter().map(|&(class, energy)| ClaimBalance {
        class,
        energy: energy.into(),
    });
    ExecuteMsg::DepositEnergy {
        holder: holder.map(Addr::to_string),
        claims: claims.collect(),
    }
}

/// See [`Assets::credit`].
pub fn credit(rows: &[(&Addr, u32, i64)]) -> ExecuteMsg {
    let rows = rows.iter().map(|&(account, interval, energy)| DepositRow {
        account: account.to_string(),
        interval,
        energy: energy.into(),
    });
    ExecuteMsg::CreditDeposits {
        rows: rows.collect(),
    }
}

/// See [`Assets::pay_out`].
pub fn pay_out(rows: &[(Payee, u128)]) -> ExecuteMsg {
    let rows = rows.iter().map(|(payee, amount)| Payout {
        payee: payee.clone(),
        amount: (*amount).into(),
    });
    ExecuteMsg::PayOut {
        rows: rows.collect(),
    }
}

/// A holder takes out free money.
pub fn withdraw(amount: u128) -> ExecuteMsg {
    ExecuteMsg::Withdraw {
        amount: amount.into(),
    }
}
