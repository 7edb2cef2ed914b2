//! Queries, and what must hold whenever they are asked.

use cosmwasm_std::StdResult;
use gridweave_types::billing::{
    AccountResponse, AccountsResponse, BooksResponse, IntervalResponse, LineResponse, QueryMsg,
    StatementResponse,
};
use serde::de::DeserializeOwned;

use super::Billing;

impl Billing {
    /// Any query.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn ask<T: DeserializeOwned>(&self, question: &QueryMsg) -> StdResult<T> {
        self.chain.suite.query(&self.contract, question)
    }

    /// Totals of all books.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn books(&self) -> BooksResponse {
        self.ask(&QueryMsg::Books {}).expect("there are books")
    }

    /// A prosumer's account.
    ///
    /// # Panics
    /// When it has none.
    pub fn account(&self, number: usize) -> AccountResponse {
        let account = self.home(number).to_string();
        self.ask(&QueryMsg::Account { account })
            .expect("the prosumer has an account")
    }

    /// `balance + collateral + receivable − arrears` of a prosumer (µ).
    pub fn net(&self, number: usize) -> i128 {
        let held = self.account(number);
        let signed = |amount: cosmwasm_std::Uint128| amount.u128() as i128;
        signed(held.balance) + signed(held.collateral) + signed(held.receivable)
            - signed(held.arrears)
    }

    /// A prosumer's line.
    ///
    /// # Panics
    /// When it has none.
    pub fn line(&self, number: usize, interval: u32) -> LineResponse {
        let account = self.home(number).to_string();
        self.ask(&QueryMsg::Line { account, interval })
            .expect("the prosumer has a line")
    }

    /// What a prosumer's line pays it (µ).
    pub fn amount(&self, number: usize, interval: u32) -> i128 {
        let line = self.line(number, interval);
        line.committed.i128() + line.imbalance.i128() + line.penalty.i128()
    }

    /// Totals of an interval.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn interval(&self, interval: u32) -> IntervalResponse {
        self.ask(&QueryMsg::Interval { interval })
            .expect("every interval has totals")
    }

    /// A prosumer's statement.
    ///
    /// # Panics
    /// When it has no account.
    pub fn statement(&self, number: usize, period: u32) -> StatementResponse {
        let account = self.home(number).to_string();
        self.ask(&QueryMsg::Statement { account, period })
            .expect("the prosumer has an account")
    }

    /// All accounts.
    ///
    /// # Panics
    /// When the contract does not answer.
    pub fn accounts(&self) -> Vec<AccountResponse> {
        let mut accounts: Vec<AccountResponse> = Vec::new();
        loop {
            let page: AccountsResponse = self
                .ask(&QueryMsg::Accounts {
                    start_after: accounts.last().map(|last| last.account.to_string()),
                    limit: Some(100),
                })
                .expect("accounts are listed");
            if page.accounts.is_empty() {
                return accounts;
            }
            accounts.extend(page.accounts);
        }
    }

    /// Asserts that every coin is in exactly one book and that the totals are sums.
    ///
    /// # Panics
    /// When they are not.
    #[track_caller]
    pub fn assert_books_balance(&self) {
        let books = self.books();
        let held = books.balances + books.collateral + books.grid + books.reserve;
        let bank = self.coins(&self.contract);
        assert_eq!(bank, held.u128(), "bank balance against books: {books:?}");
        assert_eq!(books.deposited - books.withdrawn, held, "in less out");
        let mut sums = [0u128; 4];
        for account in self.accounts() {
            let AccountResponse {
                balance,
                collateral,
                receivable,
                arrears,
                ..
            } = account;
            for (sum, part) in sums
                .iter_mut()
                .zip([balance, collateral, receivable, arrears])
            {
                *sum += part.u128();
            }
        }
        let totals = [
            books.balances,
            books.collateral,
            books.receivables,
            books.arrears,
        ];
        assert_eq!(sums, totals.map(|total| total.u128()), "sums of accounts");
    }

    /// Asserts that the lines of an interval, the grid account and the dust sum to zero.
    ///
    /// # Panics
    /// When they do not.
    #[track_caller]
    pub fn assert_closed(&self, interval: u32) {
        let totals = self.interval(interval);
        assert_eq!(totals.open, 0, "open lines");
        let sum = totals.accounts.i128() + totals.grid.i128() + totals.dust.i128();
        assert_eq!(sum, 0);
    }
}
