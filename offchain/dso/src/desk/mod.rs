//! The counter: requests in, batches out, deposits followed.

mod call_in;
mod clock;
mod credit;
mod follow;
mod issue;
mod order;
mod outlook;
mod pay_out;
mod payment;
mod request;
mod send;
mod step;
mod work;

use std::sync::atomic::AtomicU64;

use gridweave_chain::{Chain, Contracts, MarketContracts, Signer};
use tokio::sync::{Mutex, watch};

pub use request::Request;
pub use step::Step;
pub use work::Round;

use crate::ledger::{Ledger, Participant, Place};
use crate::{DsoError, Policy};
use clock::Times;
use order::Order;
use outlook::Outlooks;
use step::Hook;

/// The operator of a market's grid, at work.
///
/// Its methods may be called from many tasks; what sends something takes its turn.
pub struct Dso<C> {
    chain: C,
    market: MarketContracts,
    signer: Signer,
    ledger: Ledger,
    policy: Policy,
    times: Times,
    denom: String,
    order: Order,
    outlooks: Mutex<Outlooks>,
    /// Held by whoever sends.
    turn: Mutex<()>,
    /// Which of the times to try payments again came last; a guard of `turn` is held.
    retried: AtomicU64,
    /// Rounds of issuing so far.
    rounds: watch::Sender<u64>,
    /// Held by whoever reads events.
    reading: Mutex<()>,
    hook: Option<Hook>,
}

impl<C: Chain> Dso<C> {
    /// Goes to work with `ledger`, which becomes the one of this chain if it is new: its reading of
    /// events begins at the present height. A batch that an earlier run left open is settled by the
    /// first method that sends something.
    ///
    /// # Errors
    /// [`DsoError::Chain`] when there is no market or the chain does not answer,
    /// [`DsoError::Ledger`].
    pub async fn open(
        chain: C,
        contracts: &Contracts,
        signer: &Signer,
        ledger: Ledger,
        policy: Policy,
    ) -> Result<Self, DsoError> {
        let market = contracts.market()?.clone();
        let terms = gridweave_agents::market::ledger::terms(&chain, &market.market).await?;
        if ledger.place()?.is_none() {
            let height = chain.height().await?;
            ledger.set_place(Place { height, seen: 0 })?;
        }
        Ok(Self {
            market,
            signer: signer.clone(),
            ledger,
            times: Times::new(&terms, policy.deadline),
            denom: terms.denom,
            order: Order::new(policy.order, policy.seed),
            policy,
            outlooks: Mutex::default(),
            turn: Mutex::new(()),
            retried: AtomicU64::new(u64::MAX),
            rounds: watch::Sender::new(0),
            reading: Mutex::new(()),
            hook: None,
            chain,
        })
    }

    /// Asks `hook` before every step; where it says `false`, the method ends with
    /// [`DsoError::Interrupted`] as if the process had been killed there.
    #[must_use]
    pub fn with_hook(mut self, hook: impl Fn(Step) -> bool + Send + Sync + 'static) -> Self {
        self.hook = Some(Box::new(hook));
        self
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The chain.
    pub fn chain(&self) -> &C {
        &self.chain
    }

    /// Who signs.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Bank denom of all money.
    pub fn denom(&self) -> &str {
        &self.denom
    }

    /// Adds or changes a participant.
    ///
    /// # Errors
    /// [`DsoError::Ledger`].
    pub fn enrol(&self, participant: &Participant) -> Result<(), DsoError> {
        Ok(self.ledger.enrol(participant)?)
    }

    /// Raises a participant's purse by `amount` (µ) that was received in some other way than by
    /// a payment that was checked.
    ///
    /// # Errors
    /// [`DsoError::Ledger`].
    pub fn raise_purse(&self, account: &str, amount: u128) -> Result<(), DsoError> {
        Ok(self.ledger.raise_purse(account, amount)?)
    }
}
