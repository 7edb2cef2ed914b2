//! What an audit finds: differences between what was announced and what the rule says.

use std::fmt;

use serde::Serialize;

/// Where something was announced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Block height.
    pub height: u64,
    /// Action or event.
    pub event: String,
    /// The account, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The interval, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<u32>,
    /// The period, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<u32>,
    /// The offer, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer: Option<u64>,
}

/// Something that was announced otherwise than it is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Where.
    #[serde(flatten)]
    pub place: Place,
    /// Which part of it, such as `penalty`.
    pub component: String,
    /// What the contract announced.
    pub announced: String,
    /// What the auditor computes.
    pub computed: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place {
            height,
            event,
            account,
            interval,
            period,
            offer,
        } = &self.place;
        write!(f, "height {height}, {event}")?;
        if let Some(account) = account {
            write!(f, ", account {account}")?;
        }
        if let Some(interval) = interval {
            write!(f, ", interval {interval}")?;
        }
        if let Some(period) = period {
            write!(f, ", period {period}")?;
        }
        if let Some(offer) = offer {
            write!(f, ", offer {offer}")?;
        }
        let Self {
            component,
            announced,
            computed,
            ..
        } = self;
        write!(
            f,
            ": {component} is announced as {announced}, computed as {computed}"
        )
    }
}

/// Counts of what was checked, and the first difference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Messages that took effect.
    pub messages: u64,
    /// Times that a line's payment was computed.
    pub settlements: u64,
    /// Of these, for lines that had been settled before.
    pub adjustments: u64,
    /// Commitments recorded.
    pub commitments: u64,
    /// Readings and corrections taken.
    pub readings: u64,
    /// Signatures verified, one for each batch of readings.
    pub signatures: u64,
    /// Intervals closed, the grid account's line computed.
    pub intervals: u64,
    /// Statements made final, the demand charge computed.
    pub statements: u64,
    /// Payments into and out of accounts and the grid account.
    pub payments: u64,
    /// Offers posted on a market.
    pub offers: u64,
    /// Solutions accepted.
    pub solutions: u64,
    /// Final trades verified, their payments computed.
    pub trades: u64,
    /// Times that deposited claims were credited.
    pub credits: u64,
    /// Differences.
    pub differences: u64,
    /// The first of them.
    pub first: Option<Difference>,
}

impl Findings {
    /// Notes a difference.
    pub(crate) fn differ(
        &mut self,
        place: &Place,
        component: &str,
        announced: impl ToString,
        computed: impl ToString,
    ) {
        self.differences = self.differences.saturating_add(1);
        if self.first.is_none() {
            self.first = Some(Difference {
                place: place.clone(),
                component: component.into(),
                announced: announced.to_string(),
                computed: computed.to_string(),
            });
        }
    }

    /// Notes a difference unless both are equal.
    pub(crate) fn compare<T: PartialEq + ToString>(
        &mut self,
        place: &Place,
        component: &str,
        announced: T,
        computed: T,
    ) {
        if announced != computed {
            self.differ(place, component, announced, computed);
        }
    }

    /// Notes a difference unless `holds`: the contract would have refused.
    pub(crate) fn require(
        &mut self,
        place: &Place,
        what: &str,
        holds: bool,
        expected: impl ToString,
    ) {
        if !holds {
            self.differ(place, what, "accepted", expected);
        }
    }
}
