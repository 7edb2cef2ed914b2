//! Everything that the contract refuses.

use cosmwasm_std::{Addr, Coin, StdError};
use gridweave_types::version::VersionError;
use gridweave_units::Fx;

/// An error of the `grid` contract; a message that ends in one changes nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContractError {
    /// Storage or serialization failed.
    #[error(transparent)]
    Std(#[from] StdError),

    /// Only the operator may do this.
    #[error("sender {sender} is not the operator {operator}")]
    NotOperator {
        /// Who sent the message.
        sender: Addr,
        /// The operator in office.
        operator: Addr,
    },

    /// Only the proposed operator may accept.
    #[error("sender {sender} is not the proposed operator {proposed}")]
    NotProposed {
        /// Who sent the message.
        sender: Addr,
        /// The proposed operator.
        proposed: Addr,
    },

    /// There is no proposal to accept or cancel.
    #[error("no operator is proposed; {operator} stays in office")]
    NoProposal {
        /// The operator in office.
        operator: Addr,
    },

    /// The proposed operator is in office already.
    #[error("operator: {operator} is in office already, expected another address")]
    AlreadyOperator {
        /// The operator in office.
        operator: Addr,
    },

    /// The contract holds no money.
    #[error("funds: {coin} attached, expected none")]
    FundsNotAccepted {
        /// The first coin attached.
        coin: Coin,
    },

    /// An address that the chain does not accept.
    #[error("{field}: '{value}' is not a valid address ({reason})")]
    InvalidAddress {
        /// Field of the message.
        field: &'static str,
        /// The rejected text.
        value: String,
        /// What the chain said.
        reason: String,
    },

    /// A feeder name that is empty or too long.
    #[error("feeder.name: {bytes} bytes, expected 1 to {max}")]
    InvalidName {
        /// Bytes of the name.
        bytes: usize,
        /// Most bytes allowed.
        max: usize,
    },

    /// The feeder number is taken.
    #[error("feeder.id: feeder {feeder} exists already")]
    FeederExists {
        /// Feeder number.
        feeder: u32,
    },

    /// No such feeder.
    #[error("feeder: feeder {feeder} does not exist")]
    FeederNotFound {
        /// Feeder number.
        feeder: u32,
    },

    /// A batch without rows or with too many.
    #[error("{field}: {rows} rows, expected 1 to {max}")]
    BatchSize {
        /// Field of the message.
        field: &'static str,
        /// Rows received.
        rows: usize,
        /// Most rows allowed.
        max: usize,
    },

    /// The bus is on the feeder already, so the branch would close a loop.
    #[error("branches: bus {bus} is on feeder {feeder} already, expected a new bus")]
    BusExists {
        /// Feeder number.
        feeder: u32,
        /// Bus number.
        bus: u32,
    },

    /// The parent is not on the feeder, so the branch would hang in the air.
    #[error("branches: parent {parent} of bus {bus} is not on feeder {feeder}")]
    ParentNotFound {
        /// Feeder number.
        feeder: u32,
        /// Bus number.
        bus: u32,
        /// Parent bus number.
        parent: u32,
    },

    /// A resistance or reactance out of range.
    #[error("branches: {quantity} of bus {bus} is {value} pu, expected 0 to {max}")]
    ImpedanceOutOfRange {
        /// Bus number.
        bus: u32,
        /// `r` or `x`.
        quantity: &'static str,
        /// The rejected value (per unit).
        value: Fx,
        /// Largest value allowed (per unit).
        max: Fx,
    },

    /// A branch without impedance.
    #[error("branches: r and x of bus {bus} are both 0 pu, expected at least one above 0")]
    ZeroImpedance {
        /// Bus number.
        bus: u32,
    },

    /// No such bus on the feeder.
    #[error("bus: bus {bus} is not on feeder {feeder}")]
    BusNotFound {
        /// Feeder number.
        feeder: u32,
        /// Bus number.
        bus: u32,
    },

    /// The address has an account already.
    #[error("address: {address} is registered already")]
    AccountExists {
        /// Chain address.
        address: Addr,
    },

    /// The address has no account.
    #[error("address: {address} is not registered")]
    AccountNotFound {
        /// Chain address.
        address: Addr,
    },

    /// A meter key of the wrong length.
    #[error("meter_key: {bytes} bytes, expected {expected}")]
    MeterKeyLength {
        /// Bytes received.
        bytes: usize,
        /// Bytes of a compressed key.
        expected: usize,
    },

    /// A meter key that is not in compressed form.
    #[error("meter_key: first byte is {prefix:#04x}, expected 0x02 or 0x03")]
    MeterKeyPrefix {
        /// First byte received.
        prefix: u8,
    },

    /// The meter key belongs to another account.
    #[error("meter_key: the key is registered to {holder} already")]
    MeterKeyInUse {
        /// The account that holds the key.
        holder: Addr,
    },

    /// The stored version cannot be moved to this one.
    #[error(transparent)]
    Version(#[from] VersionError),
}
