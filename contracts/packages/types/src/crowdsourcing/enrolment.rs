//! Who takes part: the part of the paper's certificate authority.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint64};

use super::Window;

/// How somebody takes part.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Kind {
    /// Commits ahead of time by agreements, `C_T1`.
    Type1,
    /// Answers tasks in real time, `C_T2`.
    Type2,
    /// A dispatchable generator, `G`: agreements and supplements.
    Generator,
}

/// What a device is.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum DeviceKind {
    /// Stationary battery, `p^b`.
    Battery,
    /// Solar panels, `p^r`.
    Solar,
    /// Load that can be shifted within its window, `s^s`.
    Shapable,
    /// Dispatchable generation, `p^g`.
    Generator,
}

/// A device, as its owner states it.
#[cw_serde]
#[derive(Eq)]
pub struct Device {
    /// What it is.
    pub kind: DeviceKind,
    /// Largest power either way (W).
    pub power: Uint64,
    /// What a battery holds or a shapable load needs (Wh); 0 of others.
    pub energy: Uint64,
    /// When it may run; always unless given.
    pub window: Option<Window>,
}

/// Where an enrolment stands.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum EnrolmentState {
    /// Asked for; the operator has not answered.
    Requested,
    /// Approved by the operator.
    Enrolled,
    /// Refused by the operator; may be asked for again.
    Refused,
    /// Ended by the operator or by the account; may be asked for again.
    Revoked,
}

/// Answer to [`super::QueryMsg::Enrolment`].
#[cw_serde]
pub struct EnrolmentResponse {
    /// Chain address.
    pub account: Addr,
    /// How it takes part.
    pub kind: Kind,
    /// Its devices.
    pub devices: Vec<Device>,
    /// Where it stands.
    pub state: EnrolmentState,
}

/// Answer to [`super::QueryMsg::Enrolments`].
#[cw_serde]
pub struct EnrolmentsResponse {
    /// One page.
    pub enrolments: Vec<EnrolmentResponse>,
}
