//! The contracts in process: a ledger in memory, owned by one thread, on a simulated clock.

mod bank;
mod deploy;
mod ledger;
mod worker;

use cosmwasm_std::Coin;
use gridweave_types::billing::InstantiateMsg;
use tokio::sync::watch;

use crate::{
    Call, Chain, ChainError, ChainEvent, ContractAddr, Contracts, Route, SecretKey, Signer, Terms,
    Transfer, TxResponse,
};
use worker::Worker;

/// Unix seconds of the first block. Fixed, so that runs repeat byte for byte.
pub const GENESIS_SECONDS: u64 = 1_700_000_000;
/// Its chain id.
pub const CHAIN_ID: &str = "gridweave-embedded";
/// Height of that block.
const GENESIS_HEIGHT: u64 = 1;

/// A handle to an in-process chain. Clones share the chain, which ends with the last of them.
///
/// Blocks do not pass by themselves: see [`EmbeddedChain::advance_block`].
#[derive(Debug, Clone)]
pub struct EmbeddedChain {
    worker: Worker,
    height: watch::Sender<u64>,
}

impl EmbeddedChain {
    /// Starts an empty chain in a thread of its own.
    ///
    /// # Errors
    /// [`ChainError::Stopped`] when the thread cannot be started.
    pub fn start() -> Result<Self, ChainError> {
        Ok(Self {
            worker: Worker::start()?,
            height: watch::Sender::new(GENESIS_HEIGHT),
        })
    }

    /// Instantiates `grid` (operated by `operator`), `coordinator` and, on the terms `billing`
    /// (whose `grid` is filled in), `billing`, in which the coordinator's sessions count.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when a contract refuses its parameters.
    pub async fn deploy(
        &self,
        operator: &Signer,
        billing: &InstantiateMsg,
    ) -> Result<Contracts, ChainError> {
        self.deploy_suite(
            operator,
            Terms {
                operator: operator.address.clone(),
                billing: billing.clone(),
                market: None,
                crowdsourcing: None,
            },
        )
        .await
    }

    /// Instantiates the contracts that `terms` want and makes them known to each other; `operator`,
    /// who must be theirs, signs.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when a contract refuses its parameters.
    pub async fn deploy_suite(
        &self,
        operator: &Signer,
        terms: Terms,
    ) -> Result<Contracts, ChainError> {
        let operator = operator.clone();
        self.worker
            .run(move |ledger| deploy::deploy(ledger, &operator, &terms))
            .await?
    }

    /// Coins that an account has.
    ///
    /// # Errors
    /// [`ChainError::Query`] when the bank does not answer, or with more than fits.
    pub async fn balance(&self, address: &str, denom: &str) -> Result<u128, ChainError> {
        let (address, denom) = (address.to_owned(), denom.to_owned());
        self.worker
            .run(move |ledger| ledger.balance(&address, &denom))
            .await?
    }

    /// Ends the current block and starts the next one `seconds` later.
    ///
    /// # Errors
    /// [`ChainError::Stopped`].
    pub async fn advance_block(&self, seconds: u64) -> Result<(), ChainError> {
        self.worker
            .run(move |ledger| ledger.advance_block(seconds))
            .await?;
        let height = self.height().await?;
        self.height.send_replace(height);
        Ok(())
    }

    /// Credits coins to an account.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when the bank refuses.
    pub async fn mint(&self, account: &Signer, coins: Vec<Coin>) -> Result<(), ChainError> {
        let account = account.clone();
        self.worker
            .run(move |ledger| ledger.mint(&account, coins))
            .await?
    }

    /// Sends coins from one account to another; a hash that [`Chain::transfer`] finds the transfer by.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when there are not enough.
    pub async fn send_coins(
        &self,
        from: &Signer,
        to: &str,
        coin: Coin,
    ) -> Result<String, ChainError> {
        let (from, to) = (from.clone(), to.to_owned());
        self.worker
            .run(move |ledger| ledger.send_coins(&from, &to, coin))
            .await?
    }

    /// SHA-256, in hex, over the sorted raw storage of every contract.
    ///
    /// # Errors
    /// [`ChainError::Stopped`].
    pub async fn state_hash(&self) -> Result<String, ChainError> {
        self.worker.run(|ledger| ledger.state_hash()).await
    }

    /// Bytes (keys and values) stored by all contracts.
    ///
    /// # Errors
    /// [`ChainError::Stopped`].
    pub async fn state_bytes(&self) -> Result<usize, ChainError> {
        self.worker.run(|ledger| ledger.state_bytes()).await
    }
}

impl Chain for EmbeddedChain {
    fn chain_id(&self) -> &str {
        CHAIN_ID
    }

    async fn signer(&self, name: &str) -> Result<Signer, ChainError> {
        let name = name.to_owned();
        self.worker.run(move |ledger| ledger.signer(&name)).await
    }

    async fn adopt(&self, key: &SecretKey) -> Result<Signer, ChainError> {
        self.signer(&key.fingerprint()).await
    }

    async fn execute_many(
        &self,
        signer: &Signer,
        calls: Vec<Call>,
    ) -> Result<TxResponse, ChainError> {
        let signer = signer.clone();
        self.worker
            .run(move |ledger| ledger.execute_many(&signer, calls))
            .await?
    }

    async fn query_json(
        &self,
        contract: &ContractAddr,
        msg: Vec<u8>,
    ) -> Result<Vec<u8>, ChainError> {
        let contract = contract.clone();
        self.worker
            .run(move |ledger| ledger.query(&contract, msg))
            .await?
    }

    async fn events(&self, from_height: u64) -> Result<Vec<ChainEvent>, ChainError> {
        self.worker
            .run(move |ledger| ledger.events(from_height, u64::MAX))
            .await
    }

    async fn events_between(
        &self,
        from_height: u64,
        to_height: u64,
    ) -> Result<Vec<ChainEvent>, ChainError> {
        self.worker
            .run(move |ledger| ledger.events(from_height, to_height))
            .await
    }

    async fn time_of(&self, height: u64) -> Result<u64, ChainError> {
        self.worker
            .run(move |ledger| ledger.time_of(height))
            .await?
    }

    async fn height(&self) -> Result<u64, ChainError> {
        self.worker.run(|ledger| ledger.height()).await
    }

    async fn beyond(&self, height: u64) -> Result<u64, ChainError> {
        let mut heights = self.height.subscribe();
        let reached = heights.wait_for(|&now| now > height).await;
        reached.map(|now| *now).map_err(|_| ChainError::Stopped)
    }

    async fn time(&self) -> Result<u64, ChainError> {
        self.worker.run(|ledger| ledger.seconds()).await
    }

    async fn transfer(&self, hash: &str, route: Route<'_>) -> Result<Option<Transfer>, ChainError> {
        let (hash, owned) = (hash.to_owned(), bank::OwnedRoute::from(route));
        self.worker
            .run(move |ledger| ledger.transfer(&hash, &owned))
            .await
    }
}
