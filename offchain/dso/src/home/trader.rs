//! A home, turn by turn.

mod posting;

use gridweave_agents::market::calendar::Calendar;
use gridweave_agents::market::ledger;
use gridweave_chain::{Chain, ChainError, MarketContracts, SecretKey};
use gridweave_types::assets::Credit;
use gridweave_types::market::ConfigResponse;

use super::period::{Period, Stage};
use super::{Counter, HomeError, HomePlan, Moment};

/// How a home trades.
#[derive(Debug, Clone)]
pub struct HomeTerms {
    /// Its account.
    pub account: String,
    /// What its anonymous keys follow from.
    pub secret: SecretKey,
    /// Offers are posted within so many chain seconds from when their round opens; 0 to post them at
    /// once. All homes have their permits at the same time.
    pub post_window: u64,
    /// Claims and money are handed back within so many chain seconds from when they are free to; never
    /// without it, for trials that end with the trades.
    pub deposit_window: Option<u64>,
    /// How money is wanted back.
    pub credit: Credit,
    /// Interval of the chain that interval 0 of the plan is; it is part of the names of keys and
    /// requests.
    pub first_interval: u32,
}

/// Where a home stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Offers posted in this turn.
    pub posted: usize,
    /// Claims deposited in this turn.
    pub deposited: usize,
    /// Money returned in this turn (µ).
    pub returned: u128,
    /// Chain time (Unix seconds) before which there is nothing to do, however often it is looked;
    /// in the past when something is awaited.
    pub rests_until: u64,
    /// A withdrawal that waits for the operator, by its number there: until it is answered, and
    /// before `rests_until`, there is nothing to do.
    pub awaits: Option<i64>,
    /// Whether there is nothing left to do.
    pub over: bool,
}

/// A home that trades.
#[derive(Debug)]
pub struct Home {
    terms: HomeTerms,
    market: MarketContracts,
    calendar: Calendar,
    plan: HomePlan,
    periods: Vec<Period>,
}

impl Home {
    /// A home with this plan, whose rounds and intervals are those of the chain.
    ///
    /// # Errors
    /// [`HomeError::Agent`] when the market cannot be read.
    pub async fn new<C: Chain>(
        chain: &C,
        market: &MarketContracts,
        terms: HomeTerms,
        plan: HomePlan,
    ) -> Result<Self, HomeError> {
        let config: ConfigResponse = ledger::terms(chain, &market.market).await?;
        Ok(Self {
            terms,
            market: market.clone(),
            calendar: Calendar::of(&config),
            plan,
            periods: Vec::new(),
        })
    }

    /// Does what there is to do now, see [`Home::turn_at`].
    ///
    /// # Errors
    /// [`HomeError`]; the next turn goes on.
    pub async fn turn<C: Chain, K: Counter>(
        &mut self,
        chain: &C,
        counter: &K,
    ) -> Result<Standing, HomeError> {
        let moment = Moment::of(chain, &self.market).await?;
        self.turn_at(chain, counter, moment).await
    }

    /// Does what there is to do at `moment`, which is the present: asks for permits of rounds that have come, posts what was
    /// issued, hands back what has waited long enough. It may be called at any time and by a process
    /// that has just started.
    ///
    /// # Errors
    /// [`HomeError`]; the next turn goes on.
    pub async fn turn_at<C: Chain, K: Counter>(
        &mut self,
        chain: &C,
        counter: &K,
        moment: Moment,
    ) -> Result<Standing, HomeError> {
        let Moment { next, settled, now } = moment;
        self.begin(chain, next).await?;
        let mut standing = Standing::default();
        for at in 0..self.periods.len() {
            if self.periods[at].stage == Stage::Asking {
                self.ask(counter, at, &mut standing).await?;
            }
            if self.periods[at].stage == Stage::Posting {
                standing.posted += self.post(chain, at, (next, now)).await?;
            }
            if self.periods[at].stage == Stage::Trading {
                self.hand_back(chain, at, (settled, now), &mut standing)
                    .await?;
            }
        }
        self.periods.retain(|period| period.stage != Stage::Over);
        standing.over = self.plan.is_empty() && self.periods.is_empty();
        standing.rests_until = self.next_moment(settled)?;
        Ok(standing)
    }

    /// When there will be something to do, as far as the clock tells.
    fn next_moment(&self, settled: u32) -> Result<u64, HomeError> {
        let round = self.plan.0.keys().next();
        let mut next = round.map_or(u64::MAX, |slot| {
            self.calendar.due(slot.round.saturating_sub(1))
        });
        for (at, period) in self.periods.iter().enumerate() {
            match period.stage {
                Stage::Asking => return Ok(0),
                Stage::Posting => next = next.min(self.post_moment(at)?),
                Stage::Trading | Stage::Over => {}
            }
            for interval in period.claims.keys() {
                next = next.min(self.moment(at, *interval, "claims")?);
            }
            let last = period.last();
            next = next.min(match period.first_from(settled) {
                Some(interval) => self.calendar.due(interval),
                None => self.moment(at, last, "money")?,
            });
        }
        Ok(next)
    }

    /// Begins the periods whose rounds have come, each with its key.
    async fn begin<C: Chain>(&mut self, chain: &C, next: u32) -> Result<(), HomeError> {
        while let Some(entry) = self.plan.0.first_entry() {
            let slot = *entry.key();
            if slot.round > next {
                break;
            }
            let key = slot.key(&self.terms.secret, self.terms.first_interval)?;
            let signer = chain.adopt(&key).await?;
            self.periods.push(Period {
                slot,
                signer,
                plans: entry.remove(),
                stage: Stage::Asking,
                issued: Vec::new(),
                waits: false,
                looked: None,
                claims: Default::default(),
            });
        }
        Ok(())
    }

    /// Deposits claims whose moment has come, and the money when nothing can come any more.
    async fn hand_back<C: Chain>(
        &mut self,
        chain: &C,
        at: usize,
        (settled, now): (u32, u64),
        standing: &mut Standing,
    ) -> Result<(), HomeError> {
        let period = &mut self.periods[at];
        if period.reaches(period.looked.unwrap_or_default()..settled) {
            period.claims = period.claims(chain, &self.market).await?;
            period.claims.retain(|interval, _| *interval < settled);
        }
        period.looked = Some(settled);
        let intervals: Vec<u32> = self.periods[at].claims.keys().copied().collect();
        for interval in intervals {
            if now < self.moment(at, interval, "claims")? {
                continue;
            }
            let period = &mut self.periods[at];
            let claims = period.claims.remove(&interval).unwrap_or_default();
            match period.deposit(chain, &self.market, &claims).await {
                Ok(()) => standing.deposited += claims.len(),
                Err(HomeError::Chain(error @ ChainError::Refused { .. })) => {
                    // The operator may have called them in: look again.
                    tracing::debug!(interval, %error, "not deposited");
                    period.looked = None;
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        let last = self.periods[at].last();
        let is_done = last < settled && self.periods[at].claims.is_empty();
        if !is_done || now < self.moment(at, last, "money")? {
            return Ok(());
        }
        let period = &mut self.periods[at];
        let money = period.money(chain, &self.market).await?;
        if money > 0 {
            let credit = self.terms.credit;
            period
                .return_money(chain, &self.market, money, credit)
                .await?;
            standing.returned += money;
        }
        period.stage = Stage::Over;
        Ok(())
    }

    /// When `what` of a period and interval is handed back: a moment within the window, as good as
    /// random to everybody else.
    fn moment(&self, at: usize, interval: u32, what: &str) -> Result<u64, HomeError> {
        let window = self.terms.deposit_window.unwrap_or_default();
        let wait = self.wait(at, &format!("{interval}/{what}"), window)?;
        Ok(self.calendar.due(interval).saturating_add(wait))
    }

    /// A number of seconds up to `window` that follows from the secret and what is waited for.
    fn wait(&self, at: usize, what: &str, window: u64) -> Result<u64, HomeError> {
        let (base, slot) = (self.terms.first_interval, self.periods[at].slot);
        let number = self
            .terms
            .secret
            .derive_number(&format!("home/{base}/{slot}/{what}"))?;
        Ok(number % window.saturating_add(1).max(1))
    }
}
