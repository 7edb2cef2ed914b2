//! A counter that is open, and ways to ask it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use gridweave_chain::{SecretKey, Signer};
use gridweave_dso::api::auth::Signed;
use gridweave_dso::api::wire::ErrorAnswer;
use gridweave_dso::api::{Client, ClientError, Domain, Rates, Server};
use gridweave_dso::{Dso, Request};
use gridweave_types::assets::Side;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

use crate::common::{World, accounts, class, key, request};

fn domain(operator: &Signer) -> Domain {
    Domain {
        chain_id: "gridweave-embedded".into(),
        operator: operator.address.clone(),
    }
}

/// A counter that is open.
pub struct Counter {
    pub dso: Arc<Dso<gridweave_chain::embedded::EmbeddedChain>>,
    pub address: SocketAddr,
    pub domain: Domain,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Counter {
    pub async fn open(world: &World, folder: &tempfile::TempDir, rates: Rates) -> Self {
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

    pub async fn close(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }

    pub fn client(&self, account: &str, key: SecretKey) -> Client {
        let url = format!("http://{}", self.address);
        Client::new(&url, self.domain.clone(), account, key).unwrap()
    }

    pub fn buyer(&self) -> Client {
        self.client(&accounts()[1], key(8))
    }

    /// Status code and what is wrong, for a request signed as given.
    pub async fn raw(
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

pub fn seconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

pub fn ask<'a>(account: &'a str, nonce: &'a str) -> Signed<'a> {
    Signed {
        account,
        method: "GET",
        path: "/v1/account",
        time: seconds(),
        nonce,
        body: b"",
    }
}

pub async fn wish(world: &World, holder: &str, energy: u64, name: &str) -> Request {
    let holder = world.holder(holder).await;
    request(&holder, class(Side::Buy, "1-2"), energy, name)
}

pub fn refusal(error: ClientError) -> (u16, String) {
    match error {
        ClientError::Refused { status, fault, .. } => (status, fault.field),
        other => panic!("{other}"),
    }
}
