//! Totals of all books.

use cosmwasm_std::Uint128;
use gridweave_rules::settlement::Purse;
use gridweave_types::billing::BooksResponse;

use super::Ledger;

impl Ledger {
    /// The books as the contract answers them; sums beyond their range stop at its end.
    pub fn books(&self) -> BooksResponse {
        let sum = |part: fn(&Purse) -> u128| {
            let accounts = self.accounts.values();
            let total = accounts.fold(0u128, |sum, held| sum.saturating_add(part(&held.purse)));
            Uint128::new(total)
        };
        BooksResponse {
            deposited: Uint128::new(self.deposited),
            withdrawn: Uint128::new(self.withdrawn),
            balances: sum(|purse| purse.balance),
            collateral: sum(|purse| purse.collateral),
            grid: Uint128::new(self.pool.available()),
            reserve: Uint128::new(self.pool.reserve()),
            dust: Uint128::new(self.pool.dust),
            receivables: sum(|purse| purse.receivable),
            arrears: sum(|purse| purse.arrears),
            accounts: u32::try_from(self.accounts.len()).unwrap_or(u32::MAX),
        }
    }

    /// What came in, less what went out, less what the books hold (µ): 0 unless a coin was made or
    /// lost.
    pub fn conservation_error(&self) -> i128 {
        let signed = |amount: u128| i128::try_from(amount).unwrap_or(i128::MAX);
        let books = self.books();
        let held = [books.balances, books.collateral, books.grid, books.reserve];
        let held = held
            .iter()
            .fold(0i128, |sum, part| sum.saturating_add(signed(part.u128())));
        signed(self.deposited)
            .saturating_sub(signed(self.withdrawn))
            .saturating_sub(held)
    }
}
