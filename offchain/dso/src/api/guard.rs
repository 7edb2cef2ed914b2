//! What every request must pass: rates, size, signature, time, nonce.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use gridweave_chain::{Chain, PublicKey, hex};

use super::auth::{self, Signed};
use super::error::ApiError;
use super::server::Counter;
use super::{MAX_BODY, MAX_SKEW};

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The account that has signed the request.
#[derive(Debug, Clone)]
pub(super) struct Caller(pub(super) String);

/// Lets a request through whose sender is who it says.
pub(super) async fn guard<C: Chain + 'static>(
    State(counter): State<Arc<Counter<C>>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if !counter.limiter.admit() {
        return Err(too_many("all senders"));
    }
    let (mut parts, body) = request.into_parts();
    let body = read(body).await?;
    let account = authenticate(&counter, &parts, &body)?;
    parts.extensions.insert(Caller(account));
    Ok(next.run(Request::from_parts(parts, Body::from(body))).await)
}

async fn read(body: Body) -> Result<Bytes, ApiError> {
    let too_large = |value: &str| {
        let expected = format!("at most {MAX_BODY} bytes");
        ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body", value, expected)
    };
    match tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(too_large("larger, or cut off")),
        Err(_) => {
            let expected = format!("all of it within {} s", BODY_TIME.as_secs());
            Err(ApiError::new(
                StatusCode::REQUEST_TIMEOUT,
                "body",
                "incomplete",
                expected,
            ))
        }
    }
}

/// The account, when everything fits together.
fn authenticate<C: Chain>(
    counter: &Counter<C>,
    parts: &Parts,
    body: &[u8],
) -> Result<String, ApiError> {
    let headers = &parts.headers;
    let ledger = counter.dso.ledger();
    let account = header(headers, auth::ACCOUNT, "the account's address")?;
    if ledger.participant(account)?.is_none() {
        let status = StatusCode::FORBIDDEN;
        let expected = "the account of a participant";
        return Err(ApiError::new(status, auth::ACCOUNT, account, expected));
    }
    let key = key_of(headers, account)?;
    let (time, nonce) = (time(headers)?, nonce(headers)?);
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let signed = Signed {
        account,
        method: parts.method.as_str(),
        path,
        time,
        nonce,
        body,
    };
    let text = header(headers, auth::SIGNATURE, "128 hex digits")?;
    let signature = hex::decode(text).unwrap_or_default();
    if !key.has_signed(&signed.bytes(&counter.domain), &signature) {
        let expected = "the key's signature of this request, in low-s form";
        return Err(ApiError::unauthorized(auth::SIGNATURE, text, expected));
    }
    if !counter.limiter.admit_account(account) {
        return Err(too_many(account));
    }
    let since = now().saturating_sub(2 * MAX_SKEW);
    if !ledger.use_nonce(account, nonce, time, since)? {
        let expected = "one that was not used before";
        return Err(ApiError::unauthorized(auth::NONCE, nonce, expected));
    }
    Ok(account.to_owned())
}

/// The public key, when it is that of `account`.
fn key_of(headers: &HeaderMap, account: &str) -> Result<PublicKey, ApiError> {
    let text = header(headers, auth::KEY, "66 hex digits")?;
    let key = PublicKey::from_hex(text, auth::KEY).map_err(|_| {
        let expected = "a compressed secp256k1 key in hex";
        ApiError::unauthorized(auth::KEY, text, expected)
    })?;
    match key.is_of(account) {
        true => Ok(key),
        false => {
            let expected = format!("the key of account {account}");
            Err(ApiError::unauthorized(auth::KEY, text, expected))
        }
    }
}

fn nonce(headers: &HeaderMap) -> Result<&str, ApiError> {
    const FORM: &str = "16 to 64 hex digits";
    let nonce = header(headers, auth::NONCE, FORM)?;
    let is_hex = nonce.bytes().all(|byte| byte.is_ascii_hexdigit());
    match is_hex && (16..=64).contains(&nonce.len()) {
        true => Ok(nonce),
        false => Err(ApiError::unauthorized(auth::NONCE, nonce, FORM)),
    }
}

/// The time of the request, when it is near enough to the present.
fn time(headers: &HeaderMap) -> Result<u64, ApiError> {
    let text = header(headers, auth::TIME, "unix seconds")?;
    let now = now();
    let wrong = || {
        let expected = format!("unix seconds within {MAX_SKEW} of {now}");
        ApiError::unauthorized(auth::TIME, text, expected)
    };
    let time: u64 = text.parse().map_err(|_| wrong())?;
    match time.abs_diff(now) {
        0..=MAX_SKEW => Ok(time),
        _ => Err(wrong()),
    }
}

fn header<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
    expected: &str,
) -> Result<&'a str, ApiError> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.ok_or_else(|| ApiError::unauthorized(name, "missing", expected))
}

fn too_many(whose: &str) -> ApiError {
    let expected = "fewer requests per minute";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "rate", whose, expected)
}

/// Unix seconds.
pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
