//! Everything that the contract has announced.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use gridweave_rules::crowdsourcing::{Evidence, level_of};
use gridweave_rules::settlement::Timeline;
use gridweave_types::crowdsourcing::{
    ConfigResponse, EnrolmentState, Kind, Ledger as Book, Preferences, Terms,
};
use gridweave_units::Interval;

use super::agreements::Agreement;
use super::budgets::Money;
use super::sent::Sent;
use super::sums::Sums;
use super::tasks::Task;
use crate::AuditError;
use crate::event::Fields;
use crate::ledger::Ledger;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

/// What somebody is known for by the contract's events.
#[derive(Debug, Clone)]
pub(crate) struct Office {
    pub(super) terms: ConfigResponse,
    pub(super) members: BTreeMap<String, (Kind, EnrolmentState)>,
    pub(super) programmes: BTreeMap<u32, Terms>,
    /// Preferences by programme and account, and how often they were amended.
    pub(super) preferences: BTreeMap<(u32, String), (Preferences, u32)>,
    /// Energy promised or offered by programme and account (Wh).
    pub(super) used: BTreeMap<(u32, String), u64>,
    /// Budgets by programme, feeder and interval.
    pub(super) budgets: BTreeMap<(u32, u32, u32), Money>,
    pub(super) agreements: BTreeMap<u64, Agreement>,
    /// Agreement, its energy and that of supplements by account and interval.
    pub(super) booked: BTreeMap<(String, u32), (u64, i64, i64)>,
    pub(super) tasks: BTreeMap<u64, Task>,
    /// Account and interval of every task there was.
    pub(super) places: BTreeSet<(String, u32)>,
    pub(super) statements: BTreeMap<(Book, String), Sums>,
    /// Accounts whose statements were announced as final.
    pub(super) announced: BTreeSet<(Book, String)>,
    pub(super) closed: BTreeSet<Book>,
    answers: BTreeMap<String, Evidence>,
    /// Answers that must be counted next: account, level, whether it accepts.
    counting: VecDeque<(String, usize, bool)>,
    pub(super) deposited: u128,
    pub(super) withdrawn: u128,
    pub(super) unspent: u128,
}

impl Office {
    /// From the instantiation, which must come first.
    pub fn read(
        message: &Announced,
        billing: &str,
        review: &mut Review,
    ) -> Result<Self, AuditError> {
        if message.name != "instantiated" {
            return Err(message.response.misplaced("the instantiation first"));
        }
        let terms: ConfigResponse = message.response.json("config")?;
        review.same("billing", terms.billing.as_str(), billing);
        Ok(Self {
            terms,
            members: BTreeMap::new(),
            programmes: BTreeMap::new(),
            preferences: BTreeMap::new(),
            used: BTreeMap::new(),
            budgets: BTreeMap::new(),
            agreements: BTreeMap::new(),
            booked: BTreeMap::new(),
            tasks: BTreeMap::new(),
            places: BTreeSet::new(),
            statements: BTreeMap::new(),
            announced: BTreeSet::new(),
            closed: BTreeSet::new(),
            answers: BTreeMap::new(),
            counting: VecDeque::new(),
            deposited: 0,
            withdrawn: 0,
            unspent: 0,
        })
    }

    /// Follows a message; what it sends to `billing`.
    pub fn take(
        &mut self,
        message: &Announced,
        bills: Option<&Ledger>,
        review: &mut Review,
    ) -> Result<Vec<Sent>, AuditError> {
        let sent = match &*message.name {
            "enrolment_requested"
            | "enrolment_approved"
            | "enrolment_refused"
            | "enrolment_revoked" => self.enrolment(message, review).map(none),
            "programme_created" | "budget_added" => self.funded(message, review).map(none),
            "preferences_submitted" => self.preferred(message, review).map(none),
            "agreement_proposed" => self.proposed(message, review),
            "agreement_accepted" | "agreement_used" => self.agreed(message, review),
            "agreement_declined" => self.turned_down(message, review).map(none),
            "tasks_offered" | "tasks_raised" => self.offered(message, review).map(none),
            "task_accepted" => self.accepted(message, review),
            "task_declined" => self.declined(message, review).map(none),
            "supplemented" => self.supplemented(message, review),
            "swept" => self.swept(message, bills, review),
            "reconciled" => self.reconciled(message, review).map(none),
            "withdrawn" => self.taken_out(message, review).map(none),
            "migrated" => Ok(Vec::new()),
            "instantiated" => {
                review.differ("instantiation", "again", "once");
                Ok(Vec::new())
            }
            _ => Err(message
                .response
                .misplaced("an action of the crowdsourcing contract")),
        }?;
        for (account, _, _) in std::mem::take(&mut self.counting) {
            review.of_account(&account);
            review.differ("answer", "not counted", "counted");
        }
        Ok(sent)
    }

    /// When things are due: the clock and windows that `billing` has.
    pub(super) fn timeline(&self) -> Timeline {
        self.terms.timeline()
    }

    /// That an interval belongs to a programme, has not begun, and that preferences are complete.
    pub(super) fn in_time(&self, terms: &Terms, interval: u32, review: &mut Review) {
        let begin = self.timeline().begin(Interval(interval));
        let open = terms.preferences_until.u64() <= review.now && review.now < begin;
        review.holds("interval", terms.contains(interval), "one of the programme");
        review.holds("time", open, "after preferences, before the interval");
    }

    /// That an energy (Wh) is one and, like its price (µ/kWh), within the limits of `billing`.
    pub(super) fn in_limits(&self, energy: i64, price: i64, review: &mut Review) {
        let limits = &self.terms.limits;
        let energy = energy.unsigned_abs();
        let fits = (1..=limits.energy.u64()).contains(&energy);
        review.holds("energy", fits, limits.energy);
        let fits = price.unsigned_abs() <= limits.price.u64();
        review.holds("price", fits, limits.price);
    }

    /// That an account takes part in one of these ways.
    pub(super) fn takes_part(&self, account: &str, kinds: &[Kind], review: &mut Review) {
        let known = self.members.get(account);
        let member = known.is_some_and(|(kind, state)| {
            *state == EnrolmentState::Enrolled && kinds.contains(kind)
        });
        review.holds("account", member, "enrolled for this");
    }

    /// Adds to an account's three statements.
    pub(super) fn count(&mut self, (programme, interval): (u32, u32), account: &str, sums: Sums) {
        for book in self.terms.ledgers(programme, interval) {
            let own = self.statements.entry((book, account.into())).or_default();
            *own = own.plus(sums);
        }
    }

    /// An answer to a task, which must be counted next.
    pub(super) fn answer(&mut self, task: &Task, accepts: bool) {
        let level = level_of(task.incentive, self.terms.incentive_limit.u64());
        let answer = (task.account.clone(), level, accepts);
        self.counting.push_back(answer);
    }

    /// An `answer_counted`.
    pub(super) fn counted(
        &mut self,
        detail: &Fields,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let account = detail.owned("account")?;
        let level: usize = detail.number("level")?;
        let found = (account.clone(), level, detail.truth("accepted")?);
        let expected = self.counting.pop_front();
        if expected.as_ref() != Some(&found) {
            review.differ("answer", format!("{found:?}"), format!("{expected:?}"));
        }
        let evidence = self.answers.entry(account).or_default();
        evidence.observe(level, found.2);
        review.same("answers", detail.number("answers")?, evidence.answers);
        Ok(())
    }

    /// Coins that came in less those that went out, less what budgets and the operator have (µ).
    pub fn conservation_error(&self) -> i128 {
        let open = self.budgets.iter().filter(|((programme, _, _), _)| {
            let programme = *programme;
            !self.closed.contains(&Book::Programme { programme })
        });
        let held = open.fold(self.unspent, |sum, (_, money)| {
            sum.saturating_add(money.budget.saturating_sub(money.paid))
        });
        let paid = self
            .budgets
            .values()
            .fold(self.withdrawn, |sum, money| sum.saturating_add(money.paid));
        let signed = |amount| i128::try_from(amount).unwrap_or(i128::MAX);
        signed(self.deposited) - signed(paid) - signed(held)
    }
}

fn none((): ()) -> Vec<Sent> {
    Vec::new()
}
