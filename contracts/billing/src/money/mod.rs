//! Coins in and out.

mod collect;
mod grid;
mod payout;
mod top_up;

use cosmwasm_std::Response;

pub use collect::collect;
pub use grid::{defund, fund};
pub use payout::{release, withdraw};
pub use top_up::top_up;

use crate::state::Account;

/// Adds what an account has now.
fn with_purse(response: Response, account: &Account) -> Response {
    response
        .add_attribute("balance", account.balance.to_string())
        .add_attribute("collateral", account.collateral.to_string())
        .add_attribute("receivable", account.receivable.to_string())
        .add_attribute("arrears", account.arrears.to_string())
}
