//! Who is turned away at the door.

use gridweave_dso::api::auth::Signed;
use gridweave_dso::api::wire::WithdrawalBody;
use gridweave_dso::api::{Domain, MAX_BODY, Rates, Server};

use crate::common::{World, account_of, accounts, key};
use crate::counter::{Counter, ask, seconds, wish};

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
    let long = Signed {
        path: "/v1/withdrawals/1?wait=6",
        ..ask(&buyer, "bbbbbbbbbbbbbbbb")
    };
    let (status, answer) = counter.raw(long, domain, &key(8)).await;
    let said = (status, answer.error.field.as_str());
    assert_eq!(said, (400, "query"), "{answer:?}");
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
