//! The books of a market's contracts.

use gridweave_chain::{Chain, ContractAddr};
use gridweave_types::{assets, market};

use crate::{AuditError, Auditor};

impl Auditor {
    /// Compares money, bonds and rewards with what the market's contracts say they have.
    pub(super) async fn ask_market<C: Chain>(&mut self, chain: &C) -> Result<(), AuditError> {
        let Some(subject) = self.subject().market.clone() else {
            return Ok(());
        };
        let contract = ContractAddr::new(subject.assets);
        let question = assets::QueryMsg::Books {};
        let held: assets::BooksResponse = chain.query(&contract, &question).await?;
        let contract = ContractAddr::new(subject.market);
        let question = market::QueryMsg::Books {};
        let bonds: market::BooksResponse = chain.query(&contract, &question).await?;
        let question = market::QueryMsg::Status {};
        let status: market::StatusResponse = chain.query(&contract, &question).await?;
        let Some((holdings, exchange)) = self.trading_parts() else {
            return Ok(());
        };
        let purse = holdings.purse;
        let (computed_bonds, owed) = exchange.bonds_and_owed();
        let rows = [
            ("paid_in", held.paid_in, purse.paid_in),
            ("paid_out", held.paid_out, purse.paid_out),
            ("free", held.free, holdings.free()),
            ("locked", held.locked, purse.locked),
            ("deposited", held.deposited, purse.returned),
            ("bonds", bonds.bonds, computed_bonds),
            ("pool", bonds.pool, exchange.pool),
            ("owed", bonds.owed, owed),
        ];
        let (next, offers) = (exchange.next(), exchange.open_offers());
        let place = self.state(None);
        let findings = self.findings_mut();
        for (part, held, computed) in rows {
            findings.compare(&place, part, held.u128(), computed);
        }
        findings.compare(&place, "next", status.next, next);
        findings.compare(&place, "open_offers", status.open_offers as usize, offers);
        Ok(())
    }
}
