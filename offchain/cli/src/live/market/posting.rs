//! The operator and the homes: permits, money and fees for fresh addresses, then their offers.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_agents::AgentError;
use gridweave_agents::market::dso::Dso;
use gridweave_agents::market::ledger;
use gridweave_agents::market::trader::{Plan, Trader};
use gridweave_chain::wasmd::{GasPrice, Options, WasmdChain};
use gridweave_chain::{Chain, ChainError, Keyring, SecretKey};
use gridweave_rules::market::OfferId;
use gridweave_types::assets::PermitClass;
use gridweave_units::{Interval, IntervalSet};
use tokio::task::JoinSet;

use super::setting::Setting;
use crate::live::site::Site;
use crate::market::problem::{Planned, Problem};
use crate::market::rolling::Diary;
use crate::run::progress::Progress;

/// Everybody who offers something.
pub struct Posting<'a> {
    /// The chain, with the operator's key.
    pub site: &'a Site,
    /// The market.
    pub setting: &'a Setting,
    /// What is offered.
    pub problem: &'a Problem,
    /// The interval of the chain that the problem's first one is.
    pub base: u32,
    /// Price of a unit of gas.
    pub gas_price: &'a str,
}

/// Offers of one home: their numbers in the problem and on the chain.
type Posted = (Vec<OfferId>, Result<Vec<u32>, AgentError>);

impl Posting<'_> {
    /// Posts everything, each round's offers when the round begins.
    ///
    /// # Errors
    /// The chain does not answer, or refuses what the operator gives. An offer that comes too late
    /// is left out and logged.
    pub async fn run(&self) -> Result<Diary> {
        let mut rounds: BTreeMap<u32, Vec<Planned>> = BTreeMap::new();
        for offer in &self.problem.offers {
            rounds.entry(offer.round).or_default().push(*offer);
        }
        let progress = Progress::start(self.problem.horizon);
        let mut diary = Diary::default();
        for (round, offers) in rounds {
            self.await_round(round).await?;
            self.post(round, &offers, &mut diary)
                .await
                .with_context(|| format!("offers of round {round}"))?;
            let open = diary.posted.len();
            progress.show(round + 1, format!("round {round:>3}: {open} offers so far"));
        }
        progress.finish();
        Ok(diary)
    }

    /// Waits until the interval before `round` is final; the first round is open from the start.
    async fn await_round(&self, round: u32) -> Result<()> {
        let (chain, market) = (&self.site.chain, &self.setting.market.market);
        loop {
            let height = chain.height().await?;
            let next = ledger::status(chain, market).await?.next;
            if round == 0 || next >= self.base + round {
                return Ok(());
            }
            chain.beyond(height).await?;
        }
    }

    async fn post(&self, round: u32, offers: &[Planned], diary: &mut Diary) -> Result<()> {
        let mut homes: BTreeMap<usize, Vec<Planned>> = BTreeMap::new();
        for offer in offers {
            homes.entry(offer.home).or_default().push(*offer);
        }
        let keyring = keys(round, homes.keys())?;
        let addresses = keyring.signers().map(|signer| signer.address.clone());
        let addresses: Vec<_> = addresses.collect();
        let (node, operator) = (&self.site.chain, &self.site.operator);
        node.grant_fees(operator, &addresses).await?;
        let chain = self.connect(keyring).await?;
        let mut traders = Vec::with_capacity(homes.len());
        for (&home, offers) in &homes {
            let plans = offers.iter().map(|offer| self.plan(offer));
            let plans = plans.collect::<Result<_>>()?;
            traders.push(Trader::new(&chain, home, round, plans).await?);
        }
        let withdrawals: Vec<_> = traders.iter().flat_map(Trader::withdrawals).collect();
        Dso::new(node, &self.setting.contracts, operator)
            .issue(&withdrawals)
            .await?;
        let mut tasks: JoinSet<Posted> = JoinSet::new();
        for (trader, offers) in traders.into_iter().zip(homes.into_values()) {
            let (chain, market) = (chain.clone(), self.setting.market.market.clone());
            let ids = offers.iter().map(|offer| offer.id).collect();
            tasks.spawn(async move { (ids, trader.post(&chain, &market).await) });
        }
        while let Some(ended) = tasks.join_next().await {
            let (ids, numbers) = ended.context("a task was lost")?;
            match numbers {
                Ok(numbers) => diary.posted.extend(numbers.into_iter().zip(ids)),
                Err(AgentError::Chain(ChainError::Refused { reason, .. })) => {
                    tracing::warn!(round, ?ids, reason, "not posted");
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// A connection of keys whose fees the operator pays. No journal: nobody uses them again.
    async fn connect(&self, keyring: Keyring) -> Result<WasmdChain> {
        let options = Options {
            gas_price: self.gas_price.parse::<GasPrice>()?,
            fee_granter: Some(self.site.operator.address.clone()),
            chain_id: Some(self.site.chain.chain_id().into()),
            ..Options::default()
        };
        Ok(WasmdChain::connect(&self.site.url, keyring, options).await?)
    }

    /// The plan in the chain's intervals.
    fn plan(&self, offer: &Planned) -> Result<Plan> {
        let Plan { class, .. } = offer.plan;
        let first = class.intervals.first().0.checked_add(self.base);
        let shifted =
            first.and_then(|first| IntervalSet::new(Interval(first), class.intervals.bitmap()));
        let intervals = shifted.context("the chain's clock has run out of intervals")?;
        Ok(Plan {
            class: PermitClass { intervals, ..class },
            ..offer.plan
        })
    }
}

/// A fresh key for each of `homes`, under the name that [`Trader`] knows it by.
fn keys<'h>(round: u32, homes: impl Iterator<Item = &'h usize>) -> Result<Keyring> {
    let mut keyring = Keyring::new();
    for home in homes {
        keyring.insert(&Trader::key_name(*home, round), SecretKey::random()?)?;
    }
    Ok(keyring)
}
