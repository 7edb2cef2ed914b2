//! Events beside a response, in the order in which things happened.

use super::{Closing, Fields, LineFigures, StatementFigures};
use crate::AuditError;

/// Commitments of one account, recorded or left out.
#[derive(Debug, Clone)]
pub(crate) struct Commitments {
    pub account: String,
    pub source: String,
    pub paid: bool,
    pub session: Option<u64>,
    pub intervals: Vec<u32>,
}

impl Commitments {
    fn read(fields: Fields) -> Result<Self, AuditError> {
        let session = match fields.optional("session")? {
            Some(_) => Some(fields.number("session")?),
            None => None,
        };
        Ok(Self {
            account: fields.text("account")?.to_owned(),
            source: fields.text("source")?.to_owned(),
            paid: fields.truth("paid")?,
            session,
            intervals: fields.intervals("intervals")?,
        })
    }
}

/// An event beside a response.
#[derive(Debug, Clone)]
pub(crate) enum Detail {
    AccountOpened {
        account: String,
        number: u32,
    },
    Recorded {
        commitments: Commitments,
        /// Energy (Wh) and price before the tariff (µ/kWh), as many as intervals.
        rows: Vec<(i64, i64)>,
    },
    Skipped {
        commitments: Commitments,
        reason: String,
    },
    SidePayment {
        account: String,
        source: String,
        session: u64,
        amount: i64,
    },
    Line {
        adjusted: bool,
        interval: u32,
        account: String,
        figures: LineFigures,
    },
    IntervalClosed {
        interval: u32,
        figures: Closing,
    },
    ArrearsChanged {
        account: String,
        arrears: u128,
    },
    Statement {
        period: u32,
        account: String,
        figures: Box<StatementFigures>,
    },
}

impl Detail {
    pub(crate) fn read(fields: Fields) -> Result<Self, AuditError> {
        let account = || Ok::<_, AuditError>(fields.text("account")?.to_owned());
        let name = fields.name()?;
        Ok(match name {
            "account_opened" => Self::AccountOpened {
                account: account()?,
                number: fields.number("number")?,
            },
            "commitments_recorded" => recorded(fields)?,
            "commitments_skipped" => Self::Skipped {
                commitments: Commitments::read(fields)?,
                reason: fields.text("reason")?.to_owned(),
            },
            "side_payment" => Self::SidePayment {
                account: account()?,
                source: fields.text("source")?.to_owned(),
                session: fields.number("session")?,
                amount: fields.number("amount")?,
            },
            "line_settled" | "line_adjusted" => Self::Line {
                adjusted: name == "line_adjusted",
                interval: fields.number("interval")?,
                account: account()?,
                figures: LineFigures::read(fields)?,
            },
            "interval_closed" => Self::IntervalClosed {
                interval: fields.number("interval")?,
                figures: Closing::read(fields)?,
            },
            "arrears_changed" => Self::ArrearsChanged {
                account: account()?,
                arrears: fields.number("arrears")?,
            },
            "statement" => Self::Statement {
                period: fields.number("period")?,
                account: account()?,
                figures: Box::new(StatementFigures::read(fields)?),
            },
            _ => return Err(fields.misplaced("an event of the billing contract")),
        })
    }

    /// The event's name.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::AccountOpened { .. } => "account_opened",
            Self::Recorded { .. } => "commitments_recorded",
            Self::Skipped { .. } => "commitments_skipped",
            Self::SidePayment { .. } => "side_payment",
            Self::Line {
                adjusted: false, ..
            } => "line_settled",
            Self::Line { adjusted: true, .. } => "line_adjusted",
            Self::IntervalClosed { .. } => "interval_closed",
            Self::ArrearsChanged { .. } => "arrears_changed",
            Self::Statement { .. } => "statement",
        }
    }
}

fn recorded(fields: Fields) -> Result<Detail, AuditError> {
    let commitments = Commitments::read(fields)?;
    let energies = fields.longs("energies")?;
    let prices = fields.longs("prices")?;
    let count = commitments.intervals.len();
    for (key, found) in [("energies", energies.len()), ("prices", prices.len())] {
        if found != count {
            let expected = format!("{count} numbers, one for each interval");
            return Err(fields.wrong(key, &format!("{found} numbers"), &expected));
        }
    }
    Ok(Detail::Recorded {
        commitments,
        rows: energies.into_iter().zip(prices).collect(),
    })
}
