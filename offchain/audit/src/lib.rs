//! Anybody's check of the `billing` contract, of a market and of crowdsourcing: their events, and nothing else, computed
//! again.
//!
//! [`Auditor`] decodes the events, follows what the contract must have done with the same pure rule
//! ([`gridweave_rules::settlement`]), and compares: lines, payments, penalties, the grid account's
//! line, dust, statements, demand charges, readings with their signatures, nonces, deadlines,
//! counts. [`Ledger`] is what it has at the end, and [`Bill`] and [`PeriodStatements`] are what a
//! person wants of it. Events come from a chain ([`Follower`]) or from a file ([`EventLog`]).
//!
//! Nothing here panics, whatever the events say: what cannot be read is an [`AuditError`], what can
//! be read and is wrong a [`Difference`].

mod ask;
mod auditor;
mod crowd;
mod error;
mod event;
mod findings;
mod follow;
mod keys;
mod ledger;
mod log;
pub mod privacy;
mod report;
mod signature;
mod step;
mod trading;
mod view;

use gridweave_chain::Contracts;
use serde::{Deserialize, Serialize};

pub use ask::Asked;
pub use auditor::Auditor;
pub use error::AuditError;
pub use event::LoggedEvent;
pub use findings::{Difference, Findings, Place};
pub use follow::Follower;
pub use ledger::{Account, Commitment, Ledger, Line, Metered, Source};
pub use log::{EVENT_LOG, EventLog};
pub use report::{Report, TAKEN_AS_GIVEN};
pub use view::{Bill, BillLine, BillTotals, PeriodStatements, Statement};

/// What is audited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Chain id, for which meters sign.
    pub chain_id: String,
    /// Address of the billing contract.
    pub billing: String,
    /// Address of the register that it trusts.
    pub grid: String,
    /// The contracts of a market, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub market: Option<MarketSubject>,
    /// Address of the crowdsourcing contract, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crowdsourcing: Option<String>,
}

/// The contracts of a market.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarketSubject {
    /// Address of the contract that holds permits, claims and traders' money.
    pub assets: String,
    /// Address of the market.
    pub market: String,
}

impl Subject {
    /// The contracts of a suite on the chain called `chain_id`.
    pub fn of(chain_id: &str, contracts: &Contracts) -> Self {
        let market = contracts.market.as_ref();
        Self {
            chain_id: chain_id.into(),
            billing: contracts.billing.to_string(),
            grid: contracts.grid.to_string(),
            market: market.map(|market| MarketSubject {
                assets: market.assets.to_string(),
                market: market.market.to_string(),
            }),
            crowdsourcing: contracts.crowdsourcing.as_ref().map(ToString::to_string),
        }
    }
}
