//! Errors as answers.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::wire::{ErrorAnswer, Fault};
use crate::{DsoError, Refusal, RefusalKind};

/// An error and its status code.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    fault: Fault,
}

impl ApiError {
    pub(super) fn new(
        status: StatusCode,
        field: &str,
        value: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self {
            status,
            fault: Fault {
                field: field.into(),
                value: value.into(),
                expected: expected.into(),
            },
        }
    }

    /// A request whose sender is not who it says.
    pub(super) fn unauthorized(
        field: &str,
        value: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, field, value, expected)
    }

    /// A request that is not what it must be.
    pub(super) fn bad(field: &str, value: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, field, value, expected)
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind {
            RefusalKind::Invalid => StatusCode::BAD_REQUEST,
            RefusalKind::Unknown => StatusCode::FORBIDDEN,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Missing => StatusCode::NOT_FOUND,
        };
        Self::new(status, refusal.field, refusal.value, refusal.expected)
    }
}

impl From<DsoError> for ApiError {
    fn from(error: DsoError) -> Self {
        match error {
            DsoError::Refused(refusal) => refusal.into(),
            other => {
                // What is wrong inside is nobody else's business.
                tracing::error!(error = %other, "a request could not be answered");
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Self::new(status, "operator", "unavailable", "another try later")
            }
        }
    }
}

impl From<crate::LedgerError> for ApiError {
    fn from(error: crate::LedgerError) -> Self {
        DsoError::from(error).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = ErrorAnswer { error: self.fault };
        (self.status, Json(body)).into_response()
    }
}
