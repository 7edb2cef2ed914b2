//! Readings, corrections and disputes of lines that are not settled.

use anyhow::Result;
use cosmwasm_std::{Binary, Uint64};
use gridweave_chain::ContractKind::{Billing, Grid};
use gridweave_chain::{Chain, SecretKey, Signer};
use gridweave_types::billing::{
    ExecuteMsg, SignedReadings, SigningDomain, pack_readings, reading_message,
};
use gridweave_types::grid;

use super::super::agents::Crowd;
use super::super::stage::{BARE, Case, QUIET, Stage};
use super::terms::{Clock, terms};

/// Readings of the measured messages.
const COUNTS: [u32; 3] = [1, 24, 168];

/// A meter of an account.
pub struct Meter {
    account: Signer,
    key: SecretKey,
    nonce: u64,
}

impl Meter {
    /// A meter that `grid` knows: its key is derived from the account's name.
    ///
    /// # Errors
    /// The grid refuses the key.
    pub async fn install(stage: &mut Stage, account: &Signer) -> Result<Self> {
        let key = SecretKey::derived(format!("meter of {}", account.name))?;
        let message = grid::ExecuteMsg::SetMeterKey {
            address: account.address.clone(),
            meter_key: Some(Binary::new(key.public_key()?)),
        };
        let operator = stage.operator.clone();
        stage.act(&operator, Grid, QUIET, &message).await?;
        Ok(Self {
            account: account.clone(),
            key,
            nonce: 0,
        })
    }

    /// The next message.
    ///
    /// # Errors
    /// The key does not sign.
    pub fn sign(
        &mut self,
        stage: &Stage,
        correction: bool,
        from: u32,
        count: u32,
    ) -> Result<ExecuteMsg> {
        self.nonce += 1;
        let energies: Vec<i64> = (0..i64::from(count))
            .map(|t| -1_200 - 7 * (t % 24))
            .collect();
        let readings = pack_readings(&energies);
        let contract = stage.address(Billing)?;
        let domain = SigningDomain {
            chain_id: stage.chain.chain_id(),
            contract: contract.as_str(),
        };
        let account = &self.account.address;
        let message = reading_message(domain, account, correction, self.nonce, from, &readings);
        let signed = SignedReadings {
            account: account.clone(),
            from,
            readings,
            nonce: Uint64::new(self.nonce),
            signature: Binary::new(self.key.sign(&message)?),
        };
        Ok(match correction {
            true => ExecuteMsg::CorrectReadings(signed),
            false => ExecuteMsg::SubmitReadings(signed),
        })
    }
}

/// Measures all of it on a contract whose first intervals have just passed.
///
/// # Errors
/// A contract refuses.
pub async fn measure(stage: &mut Stage, crowd: &Crowd) -> Result<()> {
    let clock = Clock {
        genesis: stage.chain.time().await?.saturating_sub(400),
        interval: 2,
        period: 2_976,
        dispute: 100_000,
        correction: 1_000_000,
    };
    let terms = terms(stage, &clock)?;
    stage.renew(Billing, &terms).await?;
    let operator = stage.operator.clone();
    for (count, account) in COUNTS.into_iter().zip(&crowd.signers) {
        let mut meter = Meter::install(stage, account).await?;
        // The first message opens the account.
        let first = meter.sign(stage, false, 0, 1)?;
        stage
            .act(
                &operator,
                Billing,
                case("new account, new lines", 1),
                &first,
            )
            .await?;
        let next = meter.sign(stage, false, 1, count)?;
        stage
            .act(&operator, Billing, case("new lines", count), &next)
            .await?;
        if count <= 24 {
            let again = meter.sign(stage, true, 1, count)?;
            stage
                .act(&operator, Billing, case("not settled", count), &again)
                .await?;
        }
    }
    let account = &crowd.signers[0];
    let dispute = ExecuteMsg::Dispute {
        account: None,
        interval: 1,
    };
    let resolve = ExecuteMsg::Resolve {
        account: account.address.clone(),
        interval: 1,
        reading: Some((-1_100).into()),
    };
    let open = BARE.named("not settled");
    stage.act(account, Billing, open, &dispute).await?;
    stage.act(&operator, Billing, open, &resolve).await?;
    Ok(())
}

fn case(name: &str, readings: u32) -> Case<'_> {
    Case {
        name,
        agents: 1,
        horizon: readings,
    }
}
