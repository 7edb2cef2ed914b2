//! The programme of a day: its budgets, its terms, and what everybody prefers.

use anyhow::{Context, Result};
use cosmwasm_std::{Uint64, Uint128};
use gridweave_agents::terms::money;
use gridweave_chain::{Call, Chain, Coin};
use gridweave_model::Instance;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_types::crowdsourcing::{
    ExecuteMsg, FeederBudget, Preferences, Terms as Programme, Window,
};
use gridweave_units::Interval;

use super::date::Date;
use super::stage::{Stage, micro, number};

impl Stage {
    /// Until when preferences for a day are taken (unix seconds): an interval before it begins.
    pub fn deadline(&self, date: Date) -> u64 {
        let timeline = self.terms.timeline();
        timeline.begin(Interval(date.first)) - u64::from(self.terms.interval_seconds)
    }

    /// Starts the programme of a day, whose budgets are those of `crowd`; everybody prefers.
    pub async fn open(&self, instance: &Instance, crowd: &Crowd, date: Date) -> Result<()> {
        self.create(instance, crowd, date).await?;
        self.prefer(date).await
    }

    async fn create(&self, instance: &Instance, crowd: &Crowd, date: Date) -> Result<()> {
        let budgets = budgets(crowd, date);
        let all = budgets.iter().flat_map(|budget| &budget.amounts);
        let sum: u128 = all.map(|amount| amount.u128()).sum();
        self.mint(&self.operator, sum).await?;
        let create = ExecuteMsg::CreateProgramme {
            terms: self.programme(instance, crowd, date),
            budgets,
        };
        let coins = vec![Coin::new(Uint128::new(sum), self.terms.denom.clone())];
        let call = Call::new(&self.crowd, &create)?.with_funds(coins);
        let created = self.chain.execute_many(&self.operator, vec![call]).await;
        created.with_context(|| format!("programme {} cannot be created", date.programme))?;
        Ok(())
    }

    fn programme(&self, instance: &Instance, crowd: &Crowd, date: Date) -> Programme {
        let terms = &crowd.terms;
        Programme {
            first: date.first,
            length: instance.horizon as u32,
            preferences_until: Uint64::new(self.deadline(date)),
            cap: Uint64::new(micro(instance, terms.incentive_cap)),
            raises: terms.raises,
            // So that an offer, its raises and a supplement fit into an interval.
            task_seconds: (self.terms.interval_seconds / (terms.raises + 2)).max(1),
            supplement_price: Uint64::new(micro(instance, terms.supplement_price)),
        }
    }

    async fn prefer(&self, date: Date) -> Result<()> {
        for (index, part) in self.parts.iter().enumerate() {
            let windows = part.preferences.windows.iter().map(|window| Window {
                first: date.first + window.first,
                last: date.first + window.last,
            });
            let preferences = Preferences {
                windows: windows.collect(),
                ..part.preferences.clone()
            };
            let person = self.person(index);
            let sent = person
                .prefer(&self.chain, date.programme, preferences)
                .await;
            sent.with_context(|| format!("preferences of {}", part.name))?;
        }
        Ok(())
    }
}

fn budgets(crowd: &Crowd, date: Date) -> Vec<FeederBudget> {
    let feeders = crowd.feeders.iter().enumerate();
    let budget = |(position, feeder): (usize, &gridweave_model::crowdsourcing::Feeder)| {
        let amounts = feeder.budget.iter();
        FeederBudget {
            feeder: number(position),
            from: date.first,
            amounts: amounts.map(|b| Uint128::new(money(*b))).collect(),
        }
    };
    feeders.map(budget).collect()
}
