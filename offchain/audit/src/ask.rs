//! What events do not show, asked of the chain.

mod market;
mod sessions;
mod stated;

use gridweave_chain::{Chain, ContractAddr};
use gridweave_types::billing::{
    AccountResponse, AccountsResponse, BooksResponse, ConfigResponse, QueryMsg,
};
use gridweave_types::page::MAX_LIMIT;
use serde::Serialize;

use crate::findings::Place;
use crate::{AuditError, Auditor};

/// What a chain was asked, beside its events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Accounts whose money was compared.
    pub accounts: usize,
    /// Sessions whose commitments were compared with the coordinator's schedule and prices.
    pub sessions: usize,
    /// Their commitments.
    pub commitments: usize,
    /// What could not be compared, and why.
    pub unavailable: Vec<String>,
}

/// Name of the event in differences that are not about one.
const STATE: &str = "state";

impl Auditor {
    /// Compares what the events add up to with what the contract says it has, and the commitments
    /// of sessions with what their coordinators say. `chain` must answer as of the last event.
    ///
    /// # Errors
    /// [`AuditError::Chain`] when the billing contract does not answer;
    /// [`AuditError::NotInstantiated`].
    pub async fn ask<C: Chain>(&mut self, chain: &C) -> Result<Asked, AuditError> {
        let mut asked = Asked::default();
        self.ask_books(chain).await?;
        self.ask_accounts(chain, &mut asked).await?;
        self.ask_sessions(chain, &mut asked).await?;
        self.ask_market(chain).await?;
        Ok(asked)
    }

    fn contract(&self) -> ContractAddr {
        ContractAddr::new(self.subject().billing.clone())
    }

    fn state(&self, account: Option<&str>) -> Place {
        Place {
            height: self.height(),
            event: STATE.into(),
            account: account.map(Into::into),
            ..Place::default()
        }
    }

    async fn ask_books<C: Chain>(&mut self, chain: &C) -> Result<(), AuditError> {
        let contract = self.contract();
        let terms: ConfigResponse = chain.query(&contract, &QueryMsg::Config {}).await?;
        let books: BooksResponse = chain.query(&contract, &QueryMsg::Books {}).await?;
        let place = self.state(None);
        let ledger = self.ledger()?;
        let (same, computed) = (ledger.terms == terms, ledger.books());
        let findings = self.findings_mut();
        if !same {
            findings.differ(&place, "terms", "announced", "others are kept");
        }
        for (part, held, computed) in [
            ("deposited", books.deposited, computed.deposited),
            ("withdrawn", books.withdrawn, computed.withdrawn),
            ("balances", books.balances, computed.balances),
            ("collateral", books.collateral, computed.collateral),
            ("grid", books.grid, computed.grid),
            ("reserve", books.reserve, computed.reserve),
            ("dust", books.dust, computed.dust),
            ("receivables", books.receivables, computed.receivables),
            ("arrears", books.arrears, computed.arrears),
        ] {
            findings.compare(&place, part, held, computed);
        }
        findings.compare(&place, "accounts", books.accounts, computed.accounts);
        Ok(())
    }

    async fn ask_accounts<C: Chain>(
        &mut self,
        chain: &C,
        asked: &mut Asked,
    ) -> Result<(), AuditError> {
        let contract = self.contract();
        let mut start_after = None;
        loop {
            let limit = Some(MAX_LIMIT);
            let question = QueryMsg::Accounts { start_after, limit };
            let page: AccountsResponse = chain.query(&contract, &question).await?;
            let Some(last) = page.accounts.last() else {
                return Ok(());
            };
            start_after = Some(last.account.to_string());
            for held in &page.accounts {
                self.compare_account(held)?;
            }
            asked.accounts = asked.accounts.saturating_add(page.accounts.len());
            // A contract that repeats itself must not keep the auditor for ever.
            if asked.accounts > self.ledger()?.accounts.len() {
                return Ok(());
            }
        }
    }

    fn compare_account(&mut self, held: &AccountResponse) -> Result<(), AuditError> {
        let place = self.state(Some(held.account.as_str()));
        let known = self.ledger()?.accounts.get(held.account.as_str());
        let known = known.cloned().unwrap_or_default();
        let findings = self.findings_mut();
        for (part, held, computed) in [
            ("balance", held.balance, known.purse.balance),
            ("collateral", held.collateral, known.purse.collateral),
            ("receivable", held.receivable, known.purse.receivable),
            ("arrears", held.arrears, known.purse.arrears),
        ] {
            findings.compare(&place, part, held.u128(), computed);
        }
        findings.compare(&place, "nonce", held.nonce.u64(), known.nonce);
        Ok(())
    }
}
