//! What the configurations of a run say about meters and money.

use std::collections::BTreeMap;

use anyhow::Result;
use gridweave_agents::terms::money;
use gridweave_chain::hex;

use super::files::{METERS, Script};
use super::folder::own_key;
use crate::actor::config::{DeviceSection, MeterConfig, MeterSection, OperatorBilling};
use crate::run::stage::ROOT_METER;

impl Script<'_> {
    /// What every account is to pay in (µ).
    pub(super) fn deposit(&self) -> u64 {
        micro(self.problem.billing.deposit)
    }

    /// What the operator does about bills.
    pub(super) fn operator_billing(&self) -> Result<OperatorBilling> {
        let participants = self.cast.roster.participants.iter();
        let meters = participants.map(|participant| {
            let name = &participant.name;
            Ok((name.clone(), self.meter_point(name)?))
        });
        Ok(OperatorBilling {
            gift: self.deposit(),
            grid_deposit: micro(self.problem.billing.grid_deposit),
            root_meter: Some(self.meter_point(ROOT_METER)?),
            meters: meters.collect::<Result<_>>()?,
        })
    }

    /// All meters in one process: they sign with keys of their own, and one carries for all.
    pub(super) fn meters(
        &self,
        accounts: &BTreeMap<String, String>,
        liars: &[usize],
    ) -> Result<MeterConfig> {
        let participants = &self.cast.roster.participants;
        let treasury = (ROOT_METER.to_owned(), self.treasury.into());
        let owners = accounts.clone().into_iter().chain([treasury]);
        let liars = liars.iter().map(|&index| participants[index].name.clone());
        Ok(MeterConfig {
            chain: self.chain(false)?,
            key: own_key(METERS),
            session: self.session(),
            devices: Some(DeviceSection {
                scenario: self.scenario()?,
                liars: liars.collect(),
            }),
            meters: owners
                .map(|(name, account)| MeterSection {
                    key: own_key(&meter_name(&name)),
                    name,
                    account,
                    readings: None,
                })
                .collect(),
        })
    }

    /// The public key of the meter of `name`.
    fn meter_point(&self, name: &str) -> Result<String> {
        Ok(hex::encode(&self.key(&meter_name(name))?.public_key()?))
    }
}

/// An amount of currency in µ.
fn micro(currency: f64) -> u64 {
    u64::try_from(money(currency)).unwrap_or(u64::MAX)
}

fn meter_name(name: &str) -> String {
    format!("meter-{name}")
}
