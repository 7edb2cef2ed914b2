//! Permits: the right to offer energy.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint64;
use gridweave_units::IntervalSet;

/// Which side of a trade.
#[cw_serde]
#[derive(Copy, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// Sells, so produces.
    Sell,
    /// Buys, so consumes.
    Buy,
}

/// What a permit allows. Its issuer is always the operator of `grid`.
///
/// Permits of one class are interchangeable: a holder has one balance a class.
#[cw_serde]
#[derive(Copy, Eq, Hash, PartialOrd, Ord)]
pub struct PermitClass {
    /// Side on which the holder may offer.
    pub side: Side,
    /// Feeder on which the energy is produced or consumed.
    pub feeder: u32,
    /// Intervals among which the energy may be spread in any way.
    pub intervals: IntervalSet,
}

/// A permit to issue.
#[cw_serde]
pub struct PermitEntry {
    /// Address that receives it.
    pub holder: String,
    /// What it allows.
    pub class: PermitClass,
    /// Energy (Wh), above 0.
    pub energy: Uint64,
}

/// A part of a permit that is narrowed.
#[cw_serde]
#[derive(Eq)]
pub struct PermitPart {
    /// Fewer of the permit's intervals, but at least one.
    pub intervals: IntervalSet,
    /// Energy (Wh), above 0.
    pub energy: Uint64,
}

/// A holder's balance of one class.
#[cw_serde]
#[derive(Eq)]
pub struct PermitBalance {
    /// What it allows.
    pub class: PermitClass,
    /// Energy that is not locked (Wh).
    pub energy: Uint64,
}

/// Answer to [`super::QueryMsg::Permits`].
#[cw_serde]
pub struct PermitsResponse {
    /// One page, in the order in which classes were first used.
    pub permits: Vec<PermitBalance>,
}

/// Answer to [`super::QueryMsg::Class`]: totals over all holders (Wh).
///
/// `issued + narrowed_in = free + locked + consumed + expired + retired + narrowed_out`.
#[cw_serde]
pub struct ClassResponse {
    /// What it allows.
    pub class: PermitClass,
    /// Issued by the operator.
    pub issued: Uint64,
    /// Came from classes of more intervals by `Split`.
    pub narrowed_in: Uint64,
    /// Went to classes of fewer intervals by `Split`.
    pub narrowed_out: Uint64,
    /// In the holders' free balances.
    pub free: Uint64,
    /// Locked for offers.
    pub locked: Uint64,
    /// Turned into claims.
    pub consumed: Uint64,
    /// Expired unused.
    pub expired: Uint64,
    /// Burnt by their holders.
    pub retired: Uint64,
}

/// Answer to [`super::QueryMsg::Classes`].
#[cw_serde]
pub struct ClassesResponse {
    /// One page, in the order in which classes were first used.
    pub classes: Vec<ClassResponse>,
}

/// Permits for one interval.
#[cw_serde]
#[derive(Eq)]
pub struct IssuedInterval {
    /// The interval.
    pub interval: u32,
    /// Energy of all permits that could be used in it (Wh): issued, and neither retired nor
    /// narrowed to other intervals.
    pub energy: Uint64,
}

/// Answer to [`super::QueryMsg::Issued`].
#[cw_serde]
pub struct IssuedResponse {
    /// Most energy of permits per interval and side (Wh), if the operator has set a limit.
    pub limit: Option<Uint64>,
    /// One page of consecutive intervals.
    pub intervals: Vec<IssuedInterval>,
}
