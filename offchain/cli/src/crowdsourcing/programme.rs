//! The programme of a day: its budgets, its terms, and what everybody prefers.

use anyhow::{Context, Result};
use gridweave_agents::crowdsourcing::{Office, terms};
use gridweave_model::Instance;
use gridweave_model::crowdsourcing::Crowd;
use gridweave_units::Interval;

use super::date::Date;
use super::stage::{Stage, number};

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
        let feeders: Vec<u32> = (0..crowd.feeders.len()).map(number).collect();
        let budgets = terms::budgets(crowd, &feeders, date.first);
        self.mint(&self.operator, terms::total(&budgets)).await?;
        let calendar = terms::Calendar {
            first: date.first,
            preferences_until: self.deadline(date),
            task_seconds: terms::task_seconds(crowd, self.terms.interval_seconds),
        };
        let terms = terms::programme(instance, crowd, calendar);
        let office = Office::new(&self.chain, self.operator.clone(), self.crowd.clone());
        let created = office.programme(&terms, &budgets, &self.terms.denom).await;
        created.with_context(|| format!("programme {} cannot be created", date.programme))?;
        Ok(())
    }

    async fn prefer(&self, date: Date) -> Result<()> {
        for (index, part) in self.parts.iter().enumerate() {
            let preferences = part.preferences_from(date.first);
            let person = self.person(index);
            let sent = person
                .prefer(&self.chain, date.programme, preferences)
                .await;
            sent.with_context(|| format!("preferences of {}", part.name))?;
        }
        Ok(())
    }
}
