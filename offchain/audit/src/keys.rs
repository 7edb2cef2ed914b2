//! Meter keys, as `grid` announces them.

use std::collections::BTreeMap;

use cosmwasm_std::Binary;

use crate::AuditError;
use crate::event::{Fields, LoggedEvent};

/// What the attribute says where an account has no key.
const NO_KEY: &str = "none";

/// The latest key of each account.
#[derive(Debug, Clone, Default)]
pub(crate) struct MeterKeys(BTreeMap<String, Binary>);

impl MeterKeys {
    /// Takes note of an event of the register.
    pub(crate) fn take(&mut self, event: &LoggedEvent) -> Result<(), AuditError> {
        let fields = Fields::of(event);
        let holder = || Ok::<_, AuditError>(fields.text("address")?.to_owned());
        match fields.name()? {
            "meter_key_set" => {
                let holder = holder()?;
                match fields.text("meter_key")? {
                    NO_KEY => self.0.remove(&holder),
                    _ => self.0.insert(holder, fields.bytes("meter_key")?),
                };
            }
            "account_removed" => {
                self.0.remove(&holder()?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The key of an account.
    pub(crate) fn of(&self, account: &str) -> Option<&[u8]> {
        self.0.get(account).map(Binary::as_slice)
    }
}
