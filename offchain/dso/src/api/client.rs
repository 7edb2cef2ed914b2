//! The participant's side of the wire.

use std::time::Duration;

use gridweave_chain::{KeyError, SecretKey, hex};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rand::TryRng;
use rand::rngs::SysRng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::TcpStream;

use super::MAX_WAIT;
use super::auth::{Domain, Signed};
use super::guard::now;
use super::wire::{
    AccountAnswer, ErrorAnswer, Fault, PaymentAnswer, PaymentBody, WithdrawalAnswer, WithdrawalBody,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer that is read (bytes).
const MOST_BYTES: usize = 65_536;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is not what it must be.
    #[error("url is '{url}', expected http://HOST:PORT")]
    Url {
        /// The address.
        url: String,
    },
    /// The operator does not answer.
    #[error("{url} does not answer: {reason}")]
    Unreachable {
        /// Where.
        url: String,
        /// Why.
        reason: String,
    },
    /// The operator refuses.
    #[error("{url} refuses with {status}: {} is '{}', expected {}", fault.field, fault.value, fault.expected)]
    Refused {
        /// Where.
        url: String,
        /// Status code.
        status: u16,
        /// What is wrong.
        fault: Fault,
    },
    /// An answer that is not what it must be.
    #[error("{url} answers with {status} and something else than expected: {reason}")]
    Unreadable {
        /// Where.
        url: String,
        /// Status code.
        status: u16,
        /// What is wrong.
        reason: String,
    },
    /// The account's key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The system has no random numbers.
    #[error("the system gives no random numbers: {0}")]
    Random(String),
}

/// A participant's connection to the operator. Every request goes over a connection of its own.
#[derive(Debug, Clone)]
pub struct Client {
    url: String,
    host: String,
    domain: Domain,
    account: String,
    key: SecretKey,
}

impl Client {
    /// For requests to the operator of `domain` at `url` (plain HTTP), signed by `account` with its
    /// `key`.
    ///
    /// # Errors
    /// [`ClientError::Url`].
    pub fn new(
        url: &str,
        domain: Domain,
        account: &str,
        key: SecretKey,
    ) -> Result<Self, ClientError> {
        let host = url
            .strip_prefix("http://")
            .map(|host| host.trim_end_matches('/'));
        let host = host.filter(|host| host.contains(':') && !host.contains('/'));
        let host = host.ok_or_else(|| ClientError::Url { url: url.into() })?;
        Ok(Self {
            url: url.into(),
            host: host.into(),
            domain,
            account: account.into(),
            key,
        })
    }

    /// The account that signs.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Asks for permits and money: `withdraw_assets`.
    ///
    /// # Errors
    /// [`ClientError`], as for everything below.
    pub async fn withdraw(&self, body: &WithdrawalBody) -> Result<WithdrawalAnswer, ClientError> {
        self.post("/v1/withdrawals", body).await
    }

    /// How a withdrawal stands.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn withdrawal(&self, id: i64) -> Result<WithdrawalAnswer, ClientError> {
        self.get(&format!("/v1/withdrawals/{id}")).await
    }

    /// How a withdrawal stands when the operator has decided about it, or after a few seconds.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn await_withdrawal(&self, id: i64) -> Result<WithdrawalAnswer, ClientError> {
        self.get(&format!("/v1/withdrawals/{id}?wait={MAX_WAIT}"))
            .await
    }

    /// Names a bank transfer to the operator.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn pay(&self, hash: &str) -> Result<PaymentAnswer, ClientError> {
        let body = PaymentBody { hash: hash.into() };
        self.post("/v1/payments", &body).await
    }

    /// The account's limits and purse.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn account_state(&self) -> Result<AccountAnswer, ClientError> {
        self.get("/v1/account").await
    }

    async fn get<A: DeserializeOwned>(&self, path: &str) -> Result<A, ClientError> {
        self.ask(Method::GET, path, Vec::new()).await
    }

    async fn post<A: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<A, ClientError> {
        let body = serde_json::to_vec(body).map_err(|error| self.unreachable(error))?;
        self.ask(Method::POST, path, body).await
    }

    async fn ask<A: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<A, ClientError> {
        let mut nonce = [0; 16];
        SysRng
            .try_fill_bytes(&mut nonce)
            .map_err(|error| ClientError::Random(error.to_string()))?;
        let signed = Signed {
            account: &self.account,
            method: method.as_str(),
            path,
            time: now(),
            nonce: &hex::encode(&nonce),
            body: &body,
        };
        let headers = signed.headers(&self.domain, &self.key)?;
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", &self.host)
            .header("content-type", "application/json")
            .header("connection", "close");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Full::new(Bytes::from(body)));
        let request = request.map_err(|error| self.unreachable(error))?;
        let exchanged = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        let (status, answer) = exchanged.map_err(|error| self.unreachable(error))??;
        self.read(status, &answer)
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), ClientError> {
        let stream = TcpStream::connect(&self.host).await;
        let stream = TokioIo::new(stream.map_err(|error| self.unreachable(error))?);
        let (mut sender, connection) = http1::handshake(stream)
            .await
            .map_err(|error| self.unreachable(error))?;
        let connection = tokio::spawn(connection);
        let answered = async {
            let answer = sender.send_request(request).await;
            let answer = answer.map_err(|error| self.unreachable(error))?;
            let status = answer.status();
            let body = Limited::new(answer.into_body(), MOST_BYTES).collect().await;
            let body = body.map_err(|error| self.unreachable(error))?;
            Ok((status, body.to_bytes()))
        };
        let answered = answered.await;
        connection.abort();
        answered
    }

    fn read<A: DeserializeOwned>(&self, status: StatusCode, body: &[u8]) -> Result<A, ClientError> {
        let unreadable = |error: serde_json::Error| ClientError::Unreadable {
            url: self.url.clone(),
            status: status.as_u16(),
            reason: error.to_string(),
        };
        if status.is_success() {
            return serde_json::from_slice(body).map_err(unreadable);
        }
        let answer: ErrorAnswer = serde_json::from_slice(body).map_err(unreadable)?;
        Err(ClientError::Refused {
            url: self.url.clone(),
            status: status.as_u16(),
            fault: answer.error,
        })
    }

    fn unreachable(&self, error: impl ToString) -> ClientError {
        ClientError::Unreachable {
            url: self.url.clone(),
            reason: error.to_string(),
        }
    }
}
