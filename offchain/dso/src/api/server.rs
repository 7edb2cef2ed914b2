//! The server.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Extension, Path, RawQuery, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use gridweave_chain::Chain;
use serde::de::DeserializeOwned;
use tokio::net::TcpListener;

use super::MAX_WAIT;
use super::auth::Domain;
use super::error::ApiError;
use super::guard::{Caller, guard};
use super::limit::{Limiter, Rates};
use super::wire::{AccountAnswer, PaymentAnswer, PaymentBody, WithdrawalAnswer, WithdrawalBody};
use crate::{Dso, Refusal, RefusalKind};

/// Why the server does not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// An address that others could reach.
    #[error(
        "listen is {address}, expected a loopback address such as 127.0.0.1:26690; whoever wants \
         another says so with `public = true` and puts TLS in front of it"
    )]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be listened on.
    #[error("listen is {address}, which cannot be used: {reason}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        reason: String,
    },
    /// The system takes no more connections.
    #[error("the server stopped: {reason}")]
    Stopped {
        /// Why.
        reason: String,
    },
}

/// What requests are answered with.
pub(super) struct Counter<C> {
    pub(super) dso: Arc<Dso<C>>,
    pub(super) domain: Domain,
    pub(super) limiter: Limiter,
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Listens at `address`, which must be a loopback address unless `public` says otherwise.
    ///
    /// # Errors
    /// [`ServerError::NotLoopback`], [`ServerError::Bind`].
    pub async fn bind(address: SocketAddr, public: bool) -> Result<Self, ServerError> {
        if !public && !address.ip().is_loopback() {
            return Err(ServerError::NotLoopback { address });
        }
        let fault = |error: std::io::Error| ServerError::Bind {
            address,
            reason: error.to_string(),
        };
        let listener = TcpListener::bind(address).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests to `dso` until `stop` ends.
    ///
    /// # Errors
    /// [`ServerError::Stopped`].
    pub async fn serve<C: Chain + 'static>(
        self,
        dso: Arc<Dso<C>>,
        domain: Domain,
        rates: Rates,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServerError> {
        let counter = Arc::new(Counter {
            dso,
            domain,
            limiter: Limiter::new(rates),
        });
        axum::serve(self.listener, router(counter))
            .with_graceful_shutdown(stop)
            .await
            .map_err(|error| ServerError::Stopped {
                reason: error.to_string(),
            })
    }
}

fn router<C: Chain + 'static>(counter: Arc<Counter<C>>) -> Router {
    Router::new()
        .route("/v1/withdrawals", post(withdraw::<C>))
        .route("/v1/withdrawals/{id}", get(withdrawal::<C>))
        .route("/v1/payments", post(pay::<C>))
        .route("/v1/account", get(account::<C>))
        .fallback(nothing)
        .method_not_allowed_fallback(nothing)
        .layer(from_fn_with_state(counter.clone(), guard::<C>))
        .with_state(counter)
}

type Shared<C> = State<Arc<Counter<C>>>;

async fn withdraw<C: Chain + 'static>(
    State(counter): Shared<C>,
    Extension(Caller(account)): Extension<Caller>,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    let body: WithdrawalBody = parse(&body)?;
    let record = counter.dso.request(&account, &body.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(WithdrawalAnswer::from(record))))
}

async fn withdrawal<C: Chain + 'static>(
    State(counter): Shared<C>,
    Extension(Caller(account)): Extension<Caller>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<WithdrawalAnswer>, ApiError> {
    let patience = patience(query.as_deref().unwrap_or("wait=0"))?;
    // Others' withdrawals are as if there were none.
    let own = match id.parse() {
        Ok(number) => counter.dso.answered(&account, number, patience).await?,
        Err(_) => None,
    };
    let missing = || Refusal::new(RefusalKind::Missing, "id", &id, "one of the account's own");
    Ok(Json(own.ok_or_else(missing)?.into()))
}

/// How long an answer may wait, from a query such as `wait=5`.
fn patience(query: &str) -> Result<Duration, Refusal> {
    let seconds = query
        .strip_prefix("wait=")
        .and_then(|text| text.parse().ok());
    let seconds = seconds.filter(|seconds| *seconds <= MAX_WAIT);
    let seconds = seconds.ok_or_else(|| {
        let expected = format!("wait=0 to wait={MAX_WAIT}, in seconds");
        Refusal::new(RefusalKind::Invalid, "query", query, expected)
    })?;
    Ok(Duration::from_secs(seconds))
}

async fn pay<C: Chain + 'static>(
    State(counter): Shared<C>,
    Extension(Caller(account)): Extension<Caller>,
    body: Bytes,
) -> Result<Json<PaymentAnswer>, ApiError> {
    let body: PaymentBody = parse(&body)?;
    let payment = counter.dso.take_payment(&account, &body.hash).await?;
    let purse = counter.dso.ledger().purse(&account)?;
    Ok(Json(PaymentAnswer::new(payment, purse)))
}

async fn account<C: Chain + 'static>(
    State(counter): Shared<C>,
    Extension(Caller(account)): Extension<Caller>,
) -> Result<Json<AccountAnswer>, ApiError> {
    let ledger = counter.dso.ledger();
    let known = ledger.participant(&account)?;
    let missing = || Refusal::new(RefusalKind::Missing, "account", &account, "a participant's");
    let participant = known.ok_or_else(missing)?;
    Ok(Json(AccountAnswer {
        feeder: participant.feeder,
        sell_limit: participant.sell_limit,
        buy_limit: participant.buy_limit,
        purse: ledger.purse(&account)?,
        operator: counter.dso.signer().address.clone(),
        denom: counter.dso.denom().into(),
        account,
    }))
}

async fn nothing(request: axum::extract::Request) -> ApiError {
    let asked = format!("{} {}", request.method(), request.uri().path());
    let expected =
        "POST /v1/withdrawals, GET /v1/withdrawals/{id}, POST /v1/payments or GET /v1/account";
    ApiError::new(StatusCode::NOT_FOUND, "path", asked, expected)
}

/// The body, or which field of it is wrong.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let field = match error.path().to_string() {
            path if path == "." => "body".to_owned(),
            path => path,
        };
        let shown = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
        ApiError::bad(&field, shown, error.inner().to_string())
    })
}
