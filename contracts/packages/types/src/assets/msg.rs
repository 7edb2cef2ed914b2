//! Actions.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint64, Uint128};

use super::{
    ClaimBalance, ClaimClass, Credit, DepositRow, PermitClass, PermitEntry, PermitPart, Trade,
};

/// What is retired.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Asset {
    /// A permit, on either side.
    Permit(PermitClass),
    /// A claim to bought energy. Sold energy is an obligation and cannot be retired.
    Claim(ClaimClass),
}

/// Who is paid.
#[cw_serde]
#[derive(Eq)]
pub enum Payee {
    /// An address, in coins.
    Address(String),
    /// An account in `billing`, by topping it up.
    Account(String),
}

/// One payment of the operator.
#[cw_serde]
#[derive(Eq)]
pub struct Payout {
    /// Who is paid.
    pub payee: Payee,
    /// Amount (µ), above 0.
    pub amount: Uint128,
}

/// Actions. The operator is the one in office in `grid`.
#[cw_serde]
pub enum ExecuteMsg {
    /// Operator: lets a contract lock assets. A removed market may come back.
    RegisterMarket {
        /// Address of the contract.
        market: String,
    },
    /// Operator: takes a market's right away. It must have released every lock.
    RemoveMarket {
        /// Address of the contract.
        market: String,
    },
    /// Operator: most energy of permits per interval on each side of a feeder. What has been issued
    /// stays.
    SetIssueLimit {
        /// Feeder number.
        feeder: u32,
        /// The limit (Wh); no limit unless given.
        limit: Option<Uint64>,
    },
    /// Operator: gives permits to addresses (the paper's `addEnergy`); all of them or none.
    IssuePermits {
        /// 1 to [`super::MAX_ENTRIES`].
        entries: Vec<PermitEntry>,
    },
    /// Anyone: pays coins of the one denom into an address's money (`addFinancialBalance`).
    AddFinancialBalance {
        /// Address that receives it.
        holder: String,
    },
    /// Holder: narrows parts of a permit to fewer intervals. What is not narrowed stays as it is, on
    /// all intervals.
    Split {
        /// The permit.
        class: PermitClass,
        /// 1 to [`super::MAX_PARTS`]; together no more than the holder has free.
        parts: Vec<PermitPart>,
    },
    /// Anyone: strikes out a holder's permit that can no longer be used, because its last interval
    /// has begun.
    Expire {
        /// The holder.
        holder: String,
        /// The permit.
        class: PermitClass,
    },
    /// Holder: gives up energy of a permit or of a claim for good.
    Retire {
        /// What is retired.
        asset: Asset,
        /// Energy (Wh), above 0.
        energy: Uint64,
        /// Why, for whoever asks later; at most [`super::MAX_REASON_BYTES`] bytes.
        reason: String,
    },
    /// Holder: hands claims over to the operator, to be credited to the holder's account
    /// (`depositEnergy`).
    DepositEnergy {
        /// Whose claims; the sender's unless given. The operator may call in anybody's sold energy:
        /// it is owed, and has been paid.
        holder: Option<String>,
        /// 1 to [`super::MAX_CLAIMS`].
        claims: Vec<ClaimBalance>,
    },
    /// Operator: credits deposited claims to accounts and records them as paid commitments in
    /// `billing`, at the volume-weighted price of their side, feeder and interval. All rows of an
    /// account and interval must come in one message, where they are summed up.
    CreditDeposits {
        /// 1 to [`super::MAX_CREDITS`].
        rows: Vec<DepositRow>,
    },
    /// Holder: returns money to the operator (`depositFinancial`), who pays it out in bulk.
    DepositFinancial {
        /// Amount (µ), above 0.
        amount: Uint128,
        /// How the holder wants it back.
        credit: Credit,
    },
    /// Operator: pays out returned money. A payment that cannot be received is announced and stays
    /// with the returned money; the others go through.
    PayOut {
        /// 1 to [`super::MAX_PAYOUTS`]; together no more than was returned.
        rows: Vec<Payout>,
    },
    /// Holder: takes out its free money as coins.
    Withdraw {
        /// Amount (µ), above 0.
        amount: Uint128,
    },
    /// Market: locks a holder's permit and money for an offer.
    Lock {
        /// The offer; it must have no lock of this market.
        offer: Uint64,
        /// Who offers.
        holder: String,
        /// The permit; its last interval must not have begun.
        permit: PermitClass,
        /// Energy (Wh), above 0.
        energy: Uint64,
        /// Money (µ); a buyer's worst case.
        money: Uint128,
    },
    /// Market: settles trades of one interval from the locks; all of them or none. The interval must
    /// be in the sets of both locks.
    SettleTrades {
        /// The interval.
        interval: u32,
        /// 1 to [`super::MAX_TRADES`].
        trades: Vec<Trade>,
    },
    /// Market: gives back what is left in locks and removes them; all of them or none.
    Release {
        /// 1 to [`super::MAX_RELEASES`], each once.
        offers: Vec<Uint64>,
    },
}
