//! The operator's counter, killed again and again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use gridweave_chain::{Chain, ContractAddr, KeySource, Keyring, SecretKey};
use gridweave_dso::api::wire::{WithdrawalAnswer, WithdrawalBody};
use gridweave_dso::api::{Client, ClientError, Domain};
use gridweave_dso::{Request, State};
use gridweave_types::assets::{
    BooksResponse, ClassResponse, PermitClass, PermitsResponse, QueryMsg, Side,
};
use rand::RngExt;

use super::{Process, chain_section, register};
use crate::common::json;
use crate::common::ledger::{block_on, connect};
use crate::common::network::Network;
use crate::common::ports::free_ports;
use crate::common::site::Site;

/// Withdrawals, and how often the counter is killed while they are asked for and issued.
const WITHDRAWALS: u64 = 60;
const KILLS: usize = 12;
/// Between two requests, so that they come while the counter is killed and back.
const PAUSE: Duration = Duration::from_millis(200);
/// Money of each (µ).
const MONEY: u128 = 1_000;

fn class() -> PermitClass {
    PermitClass {
        side: Side::Buy,
        feeder: 1,
        intervals: "20-30".parse().unwrap(),
    }
}

/// Wish number `index`, for an address of its own.
fn wish(index: u64) -> Request {
    let secret = SecretKey::from_hex(&"17".repeat(32), "test").unwrap();
    let key = secret.derive(&index.to_string()).unwrap();
    Request {
        holder: key.address().unwrap(),
        class: class(),
        energy: index + 1,
        money: MONEY,
        reference: Some(index.to_string()),
    }
}

fn configure(site: &Site<'_>, account: &str, port: u16) -> PathBuf {
    let file = site.folder.join("dso.toml");
    let text = chain_section(site, "")
        + &format!(
            r#"
[key]
file = "operator.key"
[dso]
listen = "127.0.0.1:{port}"
ledger = "ledger.sqlite"
batch_seconds = 1
[[participant]]
account = "{account}"
name = "home"
feeder = 1
sell_limit_wh = 0
buy_limit_wh = 1000000
advance = 1000000
"#
        );
    fs::write(&file, text).unwrap();
    file
}

/// Keeps a counter open that is killed `KILLS` times, until `done`.
fn keep_killing(config: &Path, done: &AtomicBool) {
    let mut rng = rand::rng();
    for _ in 0..KILLS {
        let counter = Process::start("dso", config);
        thread::sleep(Duration::from_millis(rng.random_range(300..2_000)));
        drop(counter);
    }
    let mut counter = Process::start("dso", config);
    while !done.load(Ordering::Relaxed) {
        thread::sleep(Duration::from_millis(100));
        assert_eq!(counter.ended(), None, "the counter has ended");
    }
}

/// Asks for everything, bit by bit, until everything is issued.
async fn ask(client: &Client) {
    for index in 0..WITHDRAWALS {
        tokio::time::sleep(PAUSE).await;
        let body = WithdrawalBody::from(&wish(index));
        loop {
            match client.withdraw(&body).await {
                Ok(answer) if answer.state == State::Failed => panic!("{answer:?}"),
                Ok(_) => break,
                Err(ClientError::Refused { status: 503, .. } | ClientError::Unreachable { .. }) => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                Err(other) => panic!("{other}"),
            }
        }
    }
    for index in 0..WITHDRAWALS {
        let body = WithdrawalBody::from(&wish(index));
        let issued = |answer: &WithdrawalAnswer| match answer.state {
            State::Issued => true,
            State::Requested => false,
            State::Failed => panic!("{answer:?}"),
        };
        while !client
            .withdraw(&body)
            .await
            .is_ok_and(|answer| issued(&answer))
        {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

/// Everything was issued once.
async fn check(site: &Site<'_>) {
    let chain = connect(&site.network.rpc[0], Keyring::new()).await;
    let assets = ContractAddr::new(site.contract("assets"));
    let query = QueryMsg::Class { class: class() };
    let totals: ClassResponse = chain.query(&assets, &query).await.unwrap();
    let energy: u64 = (1..=WITHDRAWALS).sum();
    assert_eq!(totals.issued.u64(), energy);
    let books: BooksResponse = chain.query(&assets, &QueryMsg::Books {}).await.unwrap();
    assert_eq!(books.paid_in.u128(), MONEY * u128::from(WITHDRAWALS));
    for index in 0..WITHDRAWALS {
        let query = QueryMsg::Permits {
            holder: wish(index).holder,
            start_after: None,
            limit: None,
        };
        let held: PermitsResponse = chain.query(&assets, &query).await.unwrap();
        let energies: Vec<u64> = held
            .permits
            .iter()
            .map(|permit| permit.energy.u64())
            .collect();
        assert_eq!(energies, [index + 1]);
    }
}

#[test]
fn a_counter_that_is_killed_issues_everything_once() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-counter");
    json(&site.deploy(&network.artifacts, &[]));
    let (key, account) = site.new_key("home.key");
    block_on(register(&site, &[(&account, 1)]));
    let port = free_ports();
    let config = configure(&site, &account, port);
    let key = SecretKey::load(&KeySource::File(key)).unwrap();
    let chain_id = block_on(async { network.reader(0).await.chain_id().to_owned() });
    let domain = Domain {
        chain_id,
        operator: site.address.clone(),
    };
    let url = format!("http://127.0.0.1:{port}");
    let client = Client::new(&url, domain, &account, key).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let killer = scope.spawn(|| keep_killing(&config, &done));
        let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            block_on(async {
                let patience = Duration::from_secs(180);
                tokio::time::timeout(patience, ask(&client))
                    .await
                    .expect("all in time");
            });
        }));
        done.store(true, Ordering::Relaxed);
        killer.join().unwrap();
        if let Err(panic) = asked {
            std::panic::resume_unwind(panic);
        }
    });
    block_on(check(&site));
}
