//! The counter over HTTP on loopback, with the embedded chain behind it.

mod common;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use common::{World, account_of, accounts, class, key, request};
use cosmwasm_std::Uint128;
use gridweave_chain::{Coin, SecretKey, Signer};
use gridweave_dso::State;
use gridweave_dso::api::auth::Signed;
use gridweave_dso::api::wire::{ErrorAnswer, WithdrawalBody};
use gridweave_dso::api::{Client, ClientError, Domain, MAX_BODY, Rates, Server};
use gridweave_dso::{Dso, Request};
use gridweave_types::assets::Side;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// What the buyer pays the operator (µ).
const PAYMENT: u128 = 700_000;

fn domain(operator: &Signer) -> Domain {
    Domain {
        chain_id: "gridweave-embedded".into(),
        operator: operator.address.clone(),
    }
}

/// A counter that is open.
struct Counter {
    dso: Arc<Dso<gridweave_chain::embedded::EmbeddedChain>>,
    address: SocketAddr,
    domain: Domain,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Counter {
    async fn open(world: &World, folder: &tempfile::TempDir, rates: Rates) -> Self {
        let dso = Arc::new(world.dso(&folder.path().join("ledger.sqlite")).await);
        let server = Server::bind(([127, 0, 0, 1], 0).into(), false)
            .await
            .unwrap();
        let address = server.address();
        let domain = domain(&world.operator);
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = server.serve(dso.clone(), domain.clone(), rates, async {
            let _ = stopped.await;
        });
        let task = tokio::spawn(async { serving.await.unwrap() });
        Self {
            dso,
            address,
            domain,
            stop,
            task,
        }
    }

    async fn close(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }

    fn client(&self, account: &str, key: SecretKey) -> Client {
        let url = format!("http://{}", self.address);
        Client::new(&url, self.domain.clone(), account, key).unwrap()
    }

    fn buyer(&self) -> Client {
        self.client(&accounts()[1], key(8))
    }

    /// Status code and what is wrong, for a request signed as given.
    async fn raw(
        &self,
        signed: Signed<'_>,
        domain: &Domain,
        key: &SecretKey,
    ) -> (u16, ErrorAnswer) {
        let headers = signed.headers(domain, key).unwrap();
        let lines = headers.map(|(name, value)| format!("{name}: {value}\r\n"));
        let head = format!(
            "{} {} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n{}\r\n",
            signed.method,
            signed.path,
            self.address,
            signed.body.len(),
            lines.concat()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(signed.body).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let nothing = gridweave_dso::api::wire::Fault {
            field: String::new(),
            value: body.into(),
            expected: String::new(),
        };
        let body = serde_json::from_str(body);
        (status, body.unwrap_or(ErrorAnswer { error: nothing }))
    }
}

fn seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

fn ask<'a>(account: &'a str, nonce: &'a str) -> Signed<'a> {
    Signed {
        account,
        method: "GET",
        path: "/v1/account",
        time: seconds(),
        nonce,
        body: b"",
    }
}

async fn wish(world: &World, holder: &str, energy: u64, name: &str) -> Request {
    let holder = world.holder(holder).await;
    request(&holder, class(Side::Buy, "1-2"), energy, name)
}

fn refusal(error: ClientError) -> (u16, String) {
    match error {
        ClientError::Refused { status, fault, .. } => (status, fault.field),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_home_pays_withdraws_and_finds_everything_after_a_restart() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::open(&world, &folder, Rates::default()).await;
    let buyer = counter.buyer();
    let payer = Signer {
        name: "buyer".into(),
        address: buyer.account().into(),
    };
    world.mint(&payer, PAYMENT).await;
    let coin = Coin::new(Uint128::new(PAYMENT), world.denom.clone());
    let operator = &world.operator.address;
    let hash = world
        .chain
        .send_coins(&payer, operator, coin)
        .await
        .unwrap();
    // Nobody else can claim it, and it counts once.
    let seller = counter.client(&accounts()[0], key(7));
    assert_eq!(
        refusal(seller.pay(&hash).await.unwrap_err()),
        (400, "hash".into())
    );
    for _ in 0..2 {
        let paid = buyer.pay(&hash).await.unwrap();
        assert_eq!((paid.amount, paid.purse), (PAYMENT, PAYMENT));
    }
    assert_eq!(
        refusal(seller.pay(&hash).await.unwrap_err()),
        (409, "hash".into())
    );

    let wanted = wish(&world, "lamp", 3_000, "b").await;
    let asked = buyer.withdraw(&(&wanted).into()).await.unwrap();
    assert_eq!(asked.state, State::Requested);
    assert_eq!(counter.dso.issue_batch().await.unwrap(), 1);
    counter.close().await;

    let counter = Counter::open(&world, &folder, Rates::default()).await;
    let buyer = counter.buyer();
    let again = buyer.withdraw(&(&wanted).into()).await.unwrap();
    assert_eq!((again.id, again.state), (asked.id, State::Issued));
    assert_eq!(buyer.withdrawal(asked.id).await.unwrap(), again);
    assert_eq!(counter.dso.issue_batch().await.unwrap(), 0);
    let account = buyer.account_state().await.unwrap();
    assert_eq!(account.purse, PAYMENT - wanted.money);
    assert_eq!((account.feeder, account.buy_limit), (2, 6_000));
    // Another's withdrawals are as if there were none.
    let seller = counter.client(&accounts()[0], key(7));
    let hidden = seller.withdrawal(asked.id).await.unwrap_err();
    assert_eq!(refusal(hidden), (404, "id".into()));
    counter.close().await;
}

#[tokio::test]
async fn what_exceeds_a_limit_fails_with_its_reason() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::open(&world, &folder, Rates::default()).await;
    let buyer = counter.buyer();
    counter.dso.raise_purse(buyer.account(), 2_000_000).unwrap();
    let first = wish(&world, "lamp", 5_000, "a").await;
    let first = buyer.withdraw(&(&first).into()).await.unwrap();
    assert_eq!(first.state, State::Requested);
    let too_much = wish(&world, "lamp-2", 1_001, "b").await;
    let other_feeder = Request {
        class: gridweave_types::assets::PermitClass {
            feeder: 1,
            ..too_much.class
        },
        reference: Some("c".into()),
        ..too_much.clone()
    };
    let far = Request {
        class: class(Side::Buy, "600"),
        reference: Some("d".into()),
        ..too_much.clone()
    };
    let poor = Request {
        money: 1_000_001,
        energy: 10,
        reference: Some("e".into()),
        ..too_much.clone()
    };
    for (wish, reason) in [
        (&too_much, "energy is 1001 Wh: with 5000 Wh in interval 1"),
        (&other_feeder, "feeder is 1, expected 2"),
        (&far, "intervals is 600: the last must be"),
        (&poor, "money is 1000001 µ, the purse holds 1000000 µ"),
    ] {
        let answer = buyer.withdraw(&wish.into()).await.unwrap();
        assert_eq!(answer.state, State::Failed, "{answer:?}");
        let found = answer.reason.unwrap();
        assert!(found.contains(reason), "{found}");
    }
    // The same name for something else, an account for an address, energy of nothing.
    let renamed = Request {
        reference: Some("a".into()),
        ..too_much.clone()
    };
    let named = Request {
        holder: account_of(&key(7)),
        reference: None,
        ..too_much.clone()
    };
    let nothing = Request {
        energy: 0,
        reference: None,
        ..too_much
    };
    for (wish, status, field) in [
        (&renamed, 409, "reference"),
        (&named, 400, "holder"),
        (&nothing, 400, "energy"),
    ] {
        let error = buyer.withdraw(&wish.into()).await.unwrap_err();
        assert_eq!(refusal(error), (status, field.into()));
    }
    counter.close().await;
}

#[tokio::test]
async fn only_the_accounts_own_fresh_signature_opens_the_counter() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::open(&world, &folder, Rates::default()).await;
    let [seller, buyer] = accounts();
    let stranger = account_of(&key(9));
    let domain = &counter.domain;
    let nonce = "00112233445566778899aabbccddeeff";
    let good = ask(&buyer, nonce);
    let (status, _) = counter.raw(good, domain, &key(8)).await;
    assert_eq!(status, 200);
    let elsewhere = Domain {
        chain_id: "another-chain".into(),
        ..domain.clone()
    };
    let old = Signed {
        time: seconds() - 3_600,
        ..ask(&buyer, "aaaaaaaaaaaaaaaa")
    };
    let short = ask(&buyer, "abc");
    for (signed, domain, key, status, field) in [
        (good, domain, key(8), 401, "gridweave-nonce"),
        (short, domain, key(8), 401, "gridweave-nonce"),
        (
            ask(&buyer, "aaaaaaaaaaaaaaaa"),
            &elsewhere,
            key(8),
            401,
            "gridweave-signature",
        ),
        (
            ask(&seller, "aaaaaaaaaaaaaaaa"),
            domain,
            key(8),
            401,
            "gridweave-key",
        ),
        (
            ask(&stranger, "aaaaaaaaaaaaaaaa"),
            domain,
            key(9),
            403,
            "gridweave-account",
        ),
        (old, domain, key(8), 401, "gridweave-time"),
    ] {
        let (found, answer) = counter.raw(signed, domain, &key).await;
        assert_eq!(
            (found, answer.error.field.as_str()),
            (status, field),
            "{answer:?}"
        );
    }
    counter.close().await;
    // A nonce stays used after a restart.
    let counter = Counter::open(&world, &folder, Rates::default()).await;
    let (status, answer) = counter.raw(good, &counter.domain, &key(8)).await;
    assert_eq!(
        (status, answer.error.field.as_str()),
        (401, "gridweave-nonce")
    );
    counter.close().await;
}

#[tokio::test]
async fn bodies_paths_and_rates_are_bounded() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let rates = Rates {
        account: 3,
        ..Rates::default()
    };
    let counter = Counter::open(&world, &folder, rates).await;
    let [_, buyer] = accounts();
    let wanted = WithdrawalBody::from(&wish(&world, "lamp", 3_000, "b").await);
    let text = serde_json::to_string(&wanted).unwrap();
    let wrong = text.replace("\"energy\":\"3000\"", "\"energy\":\"much\"");
    assert_ne!(text, wrong);
    let large = " ".repeat(MAX_BODY + 1);
    let post = |nonce, path, body| Signed {
        method: "POST",
        path,
        body,
        ..ask(&buyer, nonce)
    };
    for (nonce, path, body, status, field) in [
        (
            "0000000000000001",
            "/v1/withdrawals",
            wrong.as_bytes(),
            400,
            "energy",
        ),
        (
            "0000000000000002",
            "/v1/withdrawals",
            large.as_bytes(),
            413,
            "body",
        ),
        ("0000000000000003", "/v1/else", b"", 404, "path"),
        ("0000000000000004", "/v1/account", b"", 404, "path"),
        ("0000000000000005", "/v1/withdrawals", b"", 429, "rate"),
    ] {
        let (found, answer) = counter
            .raw(post(nonce, path, body), &counter.domain, &key(8))
            .await;
        assert_eq!(
            (found, answer.error.field.as_str()),
            (status, field),
            "{answer:?}"
        );
    }
    counter.close().await;
    let open = Server::bind(([0, 0, 0, 0], 0).into(), false)
        .await
        .unwrap_err();
    assert!(open.to_string().contains("loopback"), "{open}");
}
