//! From the request to the bill, whenever the operator's process dies.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use common::{World, accounts, class, request};
use cosmwasm_std::{Uint64, Uint128};
use gridweave_chain::embedded::EmbeddedChain;
use gridweave_chain::{Chain, Signer};
use gridweave_dso::{Dso, DsoError, State};
use gridweave_types::assets::{
    BooksResponse, ClaimBalance, ClaimClass, ClassResponse, Credit, DeliveryResponse, ExecuteMsg,
    HolderResponse, QueryMsg, Side,
};
use gridweave_types::billing;

/// Energy sold (Wh).
const ENERGY: u64 = 3_000;
/// What it costs at the price of all offers (µ).
const PAID: u128 = 600_000;
/// What the buyer's purse holds at first (µ).
const PURSE: u128 = 1_000_000;

/// Two homes and an operator that is killed before its `kill`-th step.
struct Day {
    world: World,
    folder: tempfile::TempDir,
    dso: Option<Dso<EmbeddedChain>>,
    steps: Arc<AtomicUsize>,
    kill: usize,
    killed: bool,
}

impl Day {
    async fn start(kill: usize) -> Self {
        let mut day = Self {
            world: World::start().await,
            folder: tempfile::tempdir().unwrap(),
            dso: None,
            steps: Arc::default(),
            kill,
            killed: false,
        };
        day.restart().await;
        let buyer = &accounts()[1];
        day.operator().raise_purse(buyer, PURSE).unwrap();
        day
    }

    fn operator(&self) -> &Dso<EmbeddedChain> {
        self.dso.as_ref().unwrap()
    }

    async fn restart(&mut self) {
        // Drop first: the ledger is open once.
        self.dso = None;
        let dso = self
            .world
            .dso(&self.folder.path().join("ledger.sqlite"))
            .await;
        let (steps, kill) = (self.steps.clone(), self.kill);
        let hook = move |_| steps.fetch_add(1, Ordering::Relaxed) != kill;
        self.dso = Some(dso.with_hook(hook));
    }

    /// Does `work` until it is not killed.
    async fn until_done<T>(
        &mut self,
        work: impl AsyncFn(&Dso<EmbeddedChain>) -> Result<T, DsoError>,
    ) -> T {
        loop {
            match work(self.operator()).await {
                Ok(done) => return done,
                Err(DsoError::Interrupted(_)) => {
                    self.killed = true;
                    self.restart().await;
                }
                Err(other) => panic!("{other}"),
            }
        }
    }

    async fn live(&mut self) {
        let [seller, buyer] = accounts();
        let (sun, lamp) = (
            self.world.holder("sun").await,
            self.world.holder("lamp").await,
        );
        let (sell, buy) = (class(Side::Sell, "1"), class(Side::Buy, "1-2"));
        let wishes = [
            (&seller, request(&sun, sell, ENERGY, "a")),
            (&buyer, request(&lamp, buy, ENERGY, "b")),
        ];
        for (account, wish) in &wishes {
            let record = self
                .until_done(async |dso| dso.request(account, wish).await)
                .await;
            assert_eq!(record.state, State::Requested, "{record:?}");
        }
        self.until_done(async |dso| dso.issue_batch().await).await;
        for (account, wish) in &wishes {
            let record = self
                .until_done(async |dso| dso.request(account, wish).await)
                .await;
            assert_eq!(record.state, State::Issued, "{record:?}");
        }
        self.world.post(&sun, sell, ENERGY).await;
        self.world.post(&lamp, buy, ENERGY).await;
        self.world.solve().await;
        self.world.pass(2).await;
        self.hand_back(&sun, &lamp).await;
        // The seller keeps its claim; the operator wants it.
        self.until_done(async |dso| dso.follow_deposits().await)
            .await;
        let unpaid: u128 = self.operator().ledger().unpaid().unwrap().values().sum();
        assert_eq!(unpaid, PAID);
        self.until_done(async |dso| dso.call_in().await).await;
        self.until_done(async |dso| dso.credit().await).await;
        self.until_done(async |dso| dso.pay_out().await).await;
    }

    /// The buyer deposits what it bought, the seller what it earned, both as the market left it.
    async fn hand_back(&self, sun: &Signer, lamp: &Signer) {
        let (chain, assets) = (
            &self.world.chain,
            &self.world.contracts.market().unwrap().assets,
        );
        let claim = ClaimBalance {
            class: claim(Side::Buy),
            energy: Uint64::new(ENERGY),
        };
        let deposit = ExecuteMsg::DepositEnergy {
            holder: None,
            claims: vec![claim],
        };
        chain.execute(lamp, assets, &deposit).await.unwrap();
        let query = QueryMsg::Holder {
            holder: sun.address.clone(),
        };
        let purse: HolderResponse = chain.query(assets, &query).await.unwrap();
        assert_eq!(purse.money.u128(), PAID);
        for credit in [Credit::Account, Credit::Coins] {
            let back = ExecuteMsg::DepositFinancial {
                amount: Uint128::new(PAID / 2),
                credit,
            };
            chain.execute(sun, assets, &back).await.unwrap();
        }
    }

    /// Everything is there once.
    async fn check(&self) {
        let (chain, contracts) = (&self.world.chain, &self.world.contracts);
        let assets = &contracts.market().unwrap().assets;
        for class in [class(Side::Sell, "1"), class(Side::Buy, "1-2")] {
            let query = QueryMsg::Class { class };
            let totals: ClassResponse = chain.query(assets, &query).await.unwrap();
            assert_eq!(totals.issued.u64(), ENERGY, "{class:?}");
        }
        let books: BooksResponse = chain.query(assets, &QueryMsg::Books {}).await.unwrap();
        assert_eq!((books.paid_in.u128(), books.paid_out.u128()), (PAID, PAID));
        for side in [Side::Sell, Side::Buy] {
            let query = QueryMsg::Delivery { class: claim(side) };
            let delivery: DeliveryResponse = chain.query(assets, &query).await.unwrap();
            assert_eq!(
                (delivery.deposited.u64(), delivery.credited.u64()),
                (ENERGY, ENERGY)
            );
        }
        let [seller, buyer] = accounts();
        let account = billing::QueryMsg::Account {
            account: seller.clone(),
        };
        let account: billing::AccountResponse =
            chain.query(&contracts.billing, &account).await.unwrap();
        let held = account.balance.u128() + account.collateral.u128();
        assert_eq!(held, PAID / 2, "{account:?}");
        let coins = chain.balance(&seller, &self.world.denom).await.unwrap();
        assert_eq!(coins, PAID / 2);
        let ledger = self.operator().ledger();
        assert_eq!(ledger.purse(&buyer).unwrap(), PURSE - PAID);
        assert_eq!(ledger.under_way().unwrap(), None);
        assert!(ledger.uncredited().unwrap().is_empty() && ledger.unpaid().unwrap().is_empty());
        assert_eq!(ledger.credited(&seller, Side::Sell, 1).unwrap(), ENERGY);
        assert_eq!(ledger.credited(&buyer, Side::Buy, 1).unwrap(), ENERGY);
    }
}

fn claim(side: Side) -> ClaimClass {
    ClaimClass {
        side,
        feeder: class(side, "1").feeder,
        interval: 1,
    }
}

#[tokio::test]
async fn what_was_traded_comes_back_to_the_accounts_wherever_the_process_dies() {
    let mut kill = 0;
    loop {
        let mut day = Day::start(kill).await;
        day.live().await;
        day.check().await;
        if !day.killed {
            break;
        }
        kill += 1;
    }
    // Two requests; four batches of up to four steps; deposits entered.
    assert!(kill >= 15, "{kill} steps");
}
