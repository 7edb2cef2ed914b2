//! Day-ahead contracts of generators and Type 1, line 3 of algorithm 1. They are called agreements
//! here, since "contract" is what this code is.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Int64, Uint64};

use super::{MONTH_DAYS, YEAR_DAYS};

/// How long an agreement lasts, from the first interval of its first programme on.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Term {
    /// One day.
    Day,
    /// 30 days.
    Month,
    /// 365 days.
    Year,
}

impl Term {
    /// Days.
    pub const fn days(self) -> u32 {
        match self {
            Self::Day => 1,
            Self::Month => MONTH_DAYS,
            Self::Year => YEAR_DAYS,
        }
    }
}

/// An agreement as the operator proposes it.
#[cw_serde]
pub struct AgreementProposal {
    /// The generator or Type 1 crowdsourcee.
    pub account: String,
    /// What is paid for its energy (µ/kWh), as the price of its commitments in `billing`.
    pub rate: Int64,
    /// How long it lasts.
    pub term: Term,
    /// Most it may be asked to inject in one interval of a later programme (Wh).
    pub export: Uint64,
    /// Most it may be asked to draw in one interval of a later programme (Wh).
    pub import: Uint64,
    /// Setpoints in this programme: energy of each interval (Wh, injection positive), 8 bytes little
    /// endian each. Intervals of 0 make no commitment.
    pub setpoints: Binary,
}

/// Where an agreement stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum AgreementState {
    /// Waits for the crowdsourcee.
    Proposed,
    /// In force.
    Accepted,
    /// Declined by the crowdsourcee.
    Declined,
    /// Not accepted in time, or its term is over.
    Expired,
}

/// Answer to [`super::QueryMsg::Agreement`].
#[cw_serde]
pub struct AgreementResponse {
    /// Number of the agreement.
    pub agreement: u64,
    /// The generator or Type 1 crowdsourcee.
    pub account: Addr,
    /// Programme for which it was proposed.
    pub programme: u32,
    /// Price (µ/kWh).
    pub rate: Int64,
    /// How long it lasts.
    pub term: Term,
    /// First interval.
    pub first: u32,
    /// Last interval.
    pub last: u32,
    /// Most injection per interval in later programmes (Wh).
    pub export: Uint64,
    /// Most draw per interval in later programmes (Wh).
    pub import: Uint64,
    /// Setpoints in its first programme, packed (Wh).
    pub setpoints: Binary,
    /// Until when it may be accepted (unix seconds).
    pub until: Uint64,
    /// Where it stands now.
    pub state: AgreementState,
}

/// Answer to [`super::QueryMsg::Booking`].
#[cw_serde]
pub struct BookingResponse {
    /// The agreement whose setpoint it is, if there is one.
    pub agreement: Option<u64>,
    /// Its energy (Wh, injection positive).
    pub agreed: Int64,
    /// Energy of supplements (Wh, injection positive).
    pub supplemented: Int64,
}

/// Answer to [`super::QueryMsg::Agreements`] and [`super::QueryMsg::AccountAgreements`].
#[cw_serde]
pub struct AgreementsResponse {
    /// One page.
    pub agreements: Vec<AgreementResponse>,
}
