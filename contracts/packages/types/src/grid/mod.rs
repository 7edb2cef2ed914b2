//! The `grid` contract: who may do what, and where on the network.

mod register;

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Binary, Uint64};
use gridweave_units::Fx;

pub use register::{NotRegistered, Register, Unauthorized};

/// Most rows that one paged execute message may carry.
pub const MAX_ROWS: usize = 200;
/// Bytes of a meter's compressed secp256k1 public key.
pub const METER_KEY_BYTES: usize = 33;

/// Instantiation.
#[cw_serde]
pub struct InstantiateMsg {
    /// The operator (DSO) who keeps the register.
    pub operator: String,
}

/// Migration; the version only moves forward.
#[cw_serde]
pub struct MigrateMsg {}

/// What an account may do.
#[cw_serde]
#[derive(Copy, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Owns devices and answers in coordination sessions.
    Prosumer,
    /// Issues energy assets and permits.
    Dso,
    /// Reports readings.
    Meter,
    /// Submits solutions; never trusted.
    Solver,
    /// Turns cranks.
    Keeper,
}

/// Limits of a feeder.
#[cw_serde]
pub struct Feeder {
    /// Feeder number.
    pub id: u32,
    /// Human-readable name, at most 64 bytes.
    pub name: String,
    /// Root bus, where the feeder meets the upstream network.
    pub root: u32,
    /// Largest net export or import through the root (Wh per interval), T(5), T(6).
    pub external_limit: Uint64,
    /// Largest gross production or consumption inside (Wh per interval), T(7), T(8).
    pub internal_limit: Uint64,
}

/// A branch between a bus and its parent, per unit.
#[cw_serde]
pub struct Branch {
    /// The downstream bus.
    pub bus: u32,
    /// The bus one step nearer to the root; it must be known already.
    pub parent: u32,
    /// Series resistance (per unit).
    pub r: Fx,
    /// Series reactance (per unit).
    pub x: Fx,
}

/// An account to register.
#[cw_serde]
pub struct AccountInput {
    /// Chain address.
    pub address: String,
    /// Feeder number.
    pub feeder: u32,
    /// Bus on that feeder.
    pub bus: u32,
    /// Role.
    pub role: Role,
    /// Compressed secp256k1 key of the account's meter, if it has one.
    pub meter_key: Option<Binary>,
}

/// A registered account.
#[cw_serde]
pub struct Account {
    /// Chain address.
    pub address: Addr,
    /// Feeder number.
    pub feeder: u32,
    /// Bus on that feeder.
    pub bus: u32,
    /// Role.
    pub role: Role,
    /// Compressed secp256k1 key of the account's meter, if it has one.
    pub meter_key: Option<Binary>,
}

/// Actions; all but `AcceptOperator` are the operator's.
#[cw_serde]
pub enum ExecuteMsg {
    /// Names the next operator, who must accept.
    ProposeOperator {
        /// Address of the proposed operator.
        operator: String,
    },
    /// Withdraws the proposal.
    CancelProposal {},
    /// Takes over; only the proposed operator may.
    AcceptOperator {},
    /// Adds a feeder together with its root bus.
    AddFeeder {
        /// The new feeder.
        feeder: Feeder,
    },
    /// Changes the limits of a feeder.
    SetFeederLimits {
        /// Feeder number.
        feeder: u32,
        /// See [`Feeder::external_limit`].
        external_limit: Uint64,
        /// See [`Feeder::internal_limit`].
        internal_limit: Uint64,
    },
    /// Adds buses, each with the branch to its parent; at most [`MAX_ROWS`].
    AddBranches {
        /// Feeder number.
        feeder: u32,
        /// Branches, parents first.
        branches: Vec<Branch>,
    },
    /// Registers accounts; at most [`MAX_ROWS`].
    RegisterAccounts {
        /// The accounts.
        accounts: Vec<AccountInput>,
    },
    /// Removes an account.
    RemoveAccount {
        /// Chain address.
        address: String,
    },
    /// Replaces (or removes) an account's meter key.
    SetMeterKey {
        /// Chain address.
        address: String,
        /// The new key.
        meter_key: Option<Binary>,
    },
}

/// Queries.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The operator and, if any, the proposed one.
    #[returns(OperatorResponse)]
    Operator {},
    /// One feeder.
    #[returns(Feeder)]
    Feeder {
        /// Feeder number.
        feeder: u32,
    },
    /// Feeders by number.
    #[returns(FeedersResponse)]
    Feeders {
        /// Last feeder of the previous page.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// A feeder's branches in the order they were added, so that parents come before children.
    #[returns(BranchesResponse)]
    Branches {
        /// Feeder number.
        feeder: u32,
        /// Number of branches already seen.
        start_after: Option<u32>,
        /// Page size.
        limit: Option<u32>,
    },
    /// One account, or an error when the address is not registered.
    #[returns(Account)]
    Account {
        /// Chain address.
        address: String,
    },
    /// Accounts by address.
    #[returns(AccountsResponse)]
    Accounts {
        /// Last address of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
    /// Accounts of one feeder by address.
    #[returns(AccountsResponse)]
    FeederAccounts {
        /// Feeder number.
        feeder: u32,
        /// Last address of the previous page.
        start_after: Option<String>,
        /// Page size.
        limit: Option<u32>,
    },
}

/// Answer to [`QueryMsg::Operator`].
#[cw_serde]
pub struct OperatorResponse {
    /// The operator in office.
    pub operator: Addr,
    /// The proposed operator.
    pub proposed: Option<Addr>,
}

/// Answer to [`QueryMsg::Feeders`].
#[cw_serde]
pub struct FeedersResponse {
    /// One page.
    pub feeders: Vec<Feeder>,
}

/// Answer to [`QueryMsg::Branches`].
#[cw_serde]
pub struct BranchesResponse {
    /// One page.
    pub branches: Vec<Branch>,
}

/// Answer to [`QueryMsg::Accounts`] and [`QueryMsg::FeederAccounts`].
#[cw_serde]
pub struct AccountsResponse {
    /// One page.
    pub accounts: Vec<Account>,
}
