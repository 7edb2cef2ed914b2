//! A market day in which everybody is a process, and the counter and the homes are killed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use gridweave_agents::market::ledger;
use gridweave_chain::{Chain, Coin, Keyring};
use gridweave_types::assets::{BooksResponse, QueryMsg as AssetsQuery};
use gridweave_types::billing::{AccountResponse, LinesResponse, QueryMsg as BillingQuery};

use super::{Process, chain_section, contracts, register};
use crate::common::json;
use crate::common::ledger::{block_on, connect, signer_of};
use crate::common::network::Network;
use crate::common::ports::free_ports;
use crate::common::site::Site;

/// Chain seconds of an interval, and before the first one.
const INTERVAL: u64 = 15;
const LEAD: u64 = 20;
/// Intervals.
const HORIZON: u32 = 3;
/// Longest that anybody may take for a step of the day (s).
const PATIENCE: u64 = 180;

const SCENARIO: &str = r#"
name = "counter-day"
horizon = 3
[market]
feeders = 2
window = 3
offers_csv = "offers.csv"
[billing]
interval_seconds = 15
"#;

/// A battery sells in two intervals to two homes, then in one to one of them: all but 1 kWh.
const OFFERS: &str = "\
home,feeder,start,end,energy_kwh,price
0,1,0,1,3,0.1
0,1,2,2,2,0.1
1,2,0,0,-1,0.2
1,2,1,1,-1,0.2
2,2,1,1,-1,0.2
2,2,2,2,-1,0.2
";

/// What each home is to have in `billing`: energy by interval of the day (Wh), and money (µ).
/// A kWh costs 0.15, and buyers had 0.2 ready.
const EXPECTED: [([i64; 3], u128); 3] = [
    ([1_000, 2_000, 1_000], 600_000),
    ([-1_000, -1_000, 0], 100_000),
    ([0, -1_000, -1_000], 100_000),
];

/// Feeder of each home.
const FEEDERS: [u32; 3] = [1, 2, 2];
/// What the operator advances to the first buyer, and the second one pays (µ).
const PURSE: u128 = 500_000;

/// Accounts of the homes, each with its key and the secret of its anonymous keys in files.
fn homes(site: &Site<'_>) -> Vec<String> {
    let homes = (0..FEEDERS.len()).map(|home| {
        site.new_key(&format!("home-{home}.secret"));
        site.new_key(&format!("home-{home}.key")).1
    });
    homes.collect()
}

/// The account of `home` sends the operator what it will spend; the transaction's hash.
async fn pay(site: &Site<'_>, home: usize) -> String {
    let (keyring, account) = signer_of(&site.folder.join(format!("home-{home}.key")));
    let chain = connect(&site.network.rpc[0], keyring).await;
    let coins = (site.address.clone(), Coin::new(PURSE, "stake"));
    let sent = chain.send_coins(&account, &[coins]).await.unwrap();
    sent.receipt.unwrap().hash
}

/// The first interval of the day.
async fn first_interval(site: &Site<'_>) -> u32 {
    let chain = connect(&site.network.rpc[0], Keyring::new()).await;
    let market = contracts(site).market.unwrap().market;
    let terms = ledger::terms(&chain, &market).await.unwrap();
    let passed = chain.time().await.unwrap() - u64::from(terms.genesis);
    u32::try_from((passed + LEAD).div_ceil(INTERVAL)).unwrap()
}

fn write(site: &Site<'_>, actor: &str, text: &str) -> PathBuf {
    let file = site.folder.join(format!("{actor}.toml"));
    fs::write(&file, text).unwrap();
    file
}

fn counter(site: &Site<'_>, accounts: &[String], port: u16) -> PathBuf {
    let mut text = chain_section(site, "")
        + &format!(
            r#"
[key]
file = "operator.key"
[dso]
listen = "127.0.0.1:{port}"
ledger = "ledger.sqlite"
batch_seconds = 1
[policy]
call_in_seconds = 6
credit_seconds = 4
"#
        );
    for (home, (account, feeder)) in accounts.iter().zip(FEEDERS).enumerate() {
        let (sell, advance) = if home == 0 { (5_000, 0) } else { (0, PURSE) };
        // The last one pays.
        let advance = if home == 2 { 0 } else { advance };
        text += &format!(
            r#"
[[participant]]
account = "{account}"
name = "home {home}"
feeder = {feeder}
sell_limit_wh = {sell}
buy_limit_wh = 5000
advance = {advance}
"#
        );
    }
    write(site, "dso", &text)
}

fn trader(site: &Site<'_>, port: u16, first: u32, payment: &str) -> PathBuf {
    let granter = format!("fee_granter = \"{}\"", site.address);
    let mut text = chain_section(site, &granter)
        + &format!(
            r#"
[dso]
url = "http://127.0.0.1:{port}"
[scenario]
name = "day.toml"
[trade]
first_interval = {first}
post_window_seconds = 0
deposit_window_seconds = 2
once = true
"#
        );
    for home in 0..FEEDERS.len() {
        let payments = if home == 2 { payment } else { "" };
        text += &format!(
            r#"
[[home]]
index = {home}
key = {{ file = "home-{home}.key" }}
secret = {{ file = "home-{home}.secret" }}
payments = [{payments}]
"#
        );
    }
    write(site, "trader", &text)
}

/// A solver or a keeper, who ends when the day is final.
fn bystander(site: &Site<'_>, actor: &str, first: u32) -> PathBuf {
    let (_, address) = site.new_key(&format!("{actor}.key"));
    site.network.fund(&address);
    let until = first + HORIZON - 1;
    let text = chain_section(site, "")
        + &format!("[key]\nfile = \"{actor}.key\"\n[market]\nuntil = {until}\n");
    write(site, actor, &text)
}

/// Waits until `happened`.
fn until(what: &str, mut happened: impl FnMut() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < Duration::from_secs(PATIENCE), "{what}");
        thread::sleep(Duration::from_millis(200));
    }
}

async fn books(site: &Site<'_>) -> BooksResponse {
    let chain = connect(&site.network.rpc[0], Keyring::new()).await;
    let assets = contracts(site).market.unwrap().assets;
    chain.query(&assets, &AssetsQuery::Books {}).await.unwrap()
}

/// What `billing` has of an account: energy by interval of the day (Wh), and money (µ).
async fn billed(site: &Site<'_>, account: &str, first: u32) -> ([i64; 3], u128) {
    let chain = connect(&site.network.rpc[0], Keyring::new()).await;
    let billing = contracts(site).billing;
    let lines = BillingQuery::AccountLines {
        account: account.into(),
        from: first,
        limit: Some(HORIZON),
    };
    let lines: LinesResponse = chain.query(&billing, &lines).await.unwrap();
    let lines: BTreeMap<u32, i64> = lines
        .lines
        .iter()
        .map(|line| (line.interval, line.energy.i64()))
        .collect();
    let energy = |at: u32| lines.get(&(first + at)).copied().unwrap_or_default();
    let query = BillingQuery::Account {
        account: account.into(),
    };
    let found: AccountResponse = chain.query(&billing, &query).await.unwrap();
    let money = found.balance.u128() + found.collateral.u128();
    ([energy(0), energy(1), energy(2)], money)
}

#[test]
fn homes_trade_through_the_counter_and_are_billed_although_both_are_killed() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-counter-day");
    fs::write(site.folder.join("day.toml"), SCENARIO).unwrap();
    fs::write(site.folder.join("offers.csv"), OFFERS).unwrap();
    let scenario = site.folder.join("day.toml");
    let terms = ["--scenario", scenario.to_str().unwrap()];
    json(&site.deploy(&network.artifacts, &terms));
    let accounts = homes(&site);
    let rows = accounts.iter().map(String::as_str).zip(FEEDERS);
    block_on(register(&site, &rows.collect::<Vec<_>>()));
    network.fund(&accounts[2]);
    let payment = format!("\"{}\"", block_on(pay(&site, 2)));
    let before = network.height();

    let port = free_ports();
    let counter = counter(&site, &accounts, port);
    let first = block_on(first_interval(&site));
    let trader = trader(&site, port, first, &payment);
    let mut others = Vec::from(
        ["keeper", "solver"].map(|actor| Process::start(actor, &bystander(&site, actor, first))),
    );
    let killed = [("dso", &counter), ("trader", &trader)];
    let killed = killed.map(|(actor, config)| Process::start(actor, config));
    until("the first offer is posted", || {
        !posted(&site, before).is_empty()
    });
    drop(killed);
    let mut dso = Process::start("dso", &counter);
    others.push(Process::start("trader", &trader));
    until("the day ends", || {
        assert_eq!(dso.ended(), None, "the counter has ended");
        others.iter_mut().all(|process| process.ended().is_some())
    });
    for process in &mut others {
        assert!(process.ended().unwrap().success(), "see {:?}", site.folder);
    }
    until("everything is paid out", || {
        let books = block_on(books(&site));
        books.paid_in == books.paid_out && books.deposited.is_zero()
    });
    let billed = accounts
        .iter()
        .map(|account| block_on(billed(&site, account, first)));
    assert_eq!(
        billed.collect::<Vec<_>>(),
        EXPECTED,
        "see {:?}",
        site.folder
    );
    let owners = posted(&site, before);
    assert_eq!(owners.len(), 6, "every offer once");
    assert!(owners.iter().all(|owner| !accounts.contains(owner)));
}

/// Who has posted an offer since the block after `height`.
fn posted(site: &Site<'_>, height: u64) -> Vec<String> {
    let events = site.network.events_of(&site.contract("market"), height);
    let posted = events
        .iter()
        .filter(|event| event.action() == Some("offer_posted"));
    let owners = posted.filter_map(|event| event.attribute("owner"));
    owners.map(str::to_owned).collect()
}
