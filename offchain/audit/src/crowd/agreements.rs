//! Agreements: proposed, signed, used.

use gridweave_types::crowdsourcing::{AgreementState, Kind, Term, Terms};
use gridweave_units::Interval;

use super::Office;
use super::sent::Sent;
use super::sums::Sums;
use crate::AuditError;
use crate::event::Fields;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

/// An agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agreement {
    account: String,
    programme: u32,
    rate: i64,
    term: Term,
    first: u32,
    last: u32,
    export: u64,
    import: u64,
    setpoints: Vec<i64>,
    state: AgreementState,
}

impl Agreement {
    fn read(detail: &Fields) -> Result<Self, AuditError> {
        Ok(Self {
            account: detail.owned("account")?,
            programme: detail.number("programme")?,
            rate: detail.number("rate")?,
            term: term(detail)?,
            first: detail.number("first")?,
            last: detail.number("last")?,
            export: detail.number("export")?,
            import: detail.number("import")?,
            setpoints: detail.longs("setpoints")?,
            state: AgreementState::Proposed,
        })
    }

    fn admits(&self, setpoints: &[i64]) -> bool {
        setpoints.iter().all(|energy| {
            let limit = if *energy < 0 {
                self.import
            } else {
                self.export
            };
            energy.unsigned_abs() <= limit
        })
    }
}

fn term(detail: &Fields) -> Result<Term, AuditError> {
    match detail.text("term")? {
        "day" => Ok(Term::Day),
        "month" => Ok(Term::Month),
        "year" => Ok(Term::Year),
        other => Err(detail.wrong("term", other, "day, month or year")),
    }
}

impl Office {
    pub(super) fn proposed(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<Vec<Sent>, AuditError> {
        let Some((head, rest)) = message.details.split_first() else {
            return Err(message.response.misplaced("what was proposed"));
        };
        let (number, mut agreement): (u64, _) = (head.number("agreement")?, Agreement::read(head)?);
        review.of_account(&agreement.account);
        let next = self.agreements.len().saturating_add(1) as u64;
        review.same("agreement", number, next);
        let kinds = [Kind::Type1, Kind::Generator];
        self.takes_part(&agreement.account, &kinds, review);
        let terms = self.programme(head, agreement.programme)?;
        self.in_time(&terms, terms.first, review);
        self.in_term(&agreement, &terms, review);
        let limits = agreement.admits(&agreement.setpoints);
        review.holds("setpoints", limits, "within the agreement's limits");
        let signed = self.signed_ahead(&agreement);
        let told = message.response.truth("signed_ahead")?;
        review.same("signed_ahead", told, signed);
        let mut sent = Vec::new();
        if told {
            agreement.state = AgreementState::Accepted;
        }
        self.agreements.insert(number, agreement);
        for detail in rest {
            sent.extend(self.committed(detail, review)?);
        }
        review.same("commitments", rest.len(), usize::from(told));
        Ok(sent)
    }

    /// That it begins with its first programme and lasts its term, within the limits of `billing`.
    fn in_term(&self, agreement: &Agreement, terms: &Terms, review: &mut Review) {
        review.same("first", agreement.first, terms.first);
        let length = self
            .terms
            .day_intervals
            .saturating_mul(agreement.term.days());
        let last = terms.first.saturating_add(length.saturating_sub(1));
        review.same("last", agreement.last, last);
        let limits = &self.terms.limits;
        let most = limits.energy.u64();
        let fits = agreement.export <= most && agreement.import <= most;
        review.holds("limits", fits, most);
        let fits = agreement.rate.unsigned_abs() <= limits.price.u64();
        review.holds("rate", fits, limits.price);
    }

    /// Whether setpoints of a later programme lie within the preferences for it, if there are any.
    fn within_preferences(
        &self,
        account: &str,
        (programme, first): (u32, u32),
        rows: &[i64],
    ) -> bool {
        let key = (programme, account.to_string());
        let Some((wanted, _)) = self.preferences.get(&key) else {
            return true;
        };
        let mut rows = (first..).zip(rows).filter(|(_, energy)| **energy != 0);
        rows.all(|(interval, energy)| wanted.available(interval) && wanted.admits(*energy))
    }

    /// Whether preferences sign an agreement for a day.
    fn signed_ahead(&self, agreement: &Agreement) -> bool {
        let key = (agreement.programme, agreement.account.clone());
        let Some((wanted, _)) = self
            .preferences
            .get(&key)
            .filter(|_| agreement.term == Term::Day)
        else {
            return false;
        };
        let used = self.used.get(&key).copied().unwrap_or_default();
        let rows = (agreement.first..).zip(&agreement.setpoints);
        let mut rows = rows.filter(|(_, energy)| **energy != 0);
        let sum = agreement.setpoints.iter().fold(used, |sum, energy| {
            sum.saturating_add(energy.unsigned_abs())
        });
        let fits = rows.all(|(interval, energy)| {
            wanted.available(interval)
                && wanted.admits(*energy)
                && wanted.content_with(*energy, agreement.rate, 0)
        });
        fits && sum <= wanted.energy.u64()
    }

    pub(super) fn agreed(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<Vec<Sent>, AuditError> {
        let number: u64 = message.response.number("agreement")?;
        let known = self.agreements.get_mut(&number);
        let agreement = known.ok_or_else(|| message.response.misplaced("a proposal"))?;
        review.of_account(&agreement.account);
        let wanted = match &*message.name {
            "agreement_accepted" => AgreementState::Proposed,
            _ => AgreementState::Accepted,
        };
        review.holds("agreement", agreement.state == wanted, "another state");
        agreement.state = AgreementState::Accepted;
        review.same("commitments", message.details.len(), 1);
        let mut sent = Vec::new();
        for detail in &message.details {
            sent.extend(self.committed(detail, review)?);
        }
        Ok(sent)
    }

    pub(super) fn turned_down(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let number: u64 = message.response.number("agreement")?;
        let known = self.agreements.get_mut(&number);
        let agreement = known.ok_or_else(|| message.response.misplaced("a proposal"))?;
        let proposed = agreement.state == AgreementState::Proposed;
        review.holds("agreement", proposed, "proposed");
        agreement.state = AgreementState::Declined;
        Ok(())
    }

    /// Setpoints that become promises: those proposed, or others within the agreement's limits.
    fn committed(
        &mut self,
        detail: &Fields,
        review: &mut Review,
    ) -> Result<Option<Sent>, AuditError> {
        let (number, programme): (u64, u32) =
            (detail.number("agreement")?, detail.number("programme")?);
        let known = self.agreements.get(&number).cloned();
        let agreement = known.ok_or_else(|| detail.misplaced("a proposal"))?;
        let setpoints = detail.longs("setpoints")?;
        let terms = self.programme(detail, programme)?;
        let account = agreement.account.as_str();
        review.same("account", detail.text("account")?, account);
        review.same("rate", detail.number("rate")?, agreement.rate);
        let kinds = [Kind::Type1, Kind::Generator];
        self.takes_part(account, &kinds, review);
        let begin = self.timeline().begin(Interval(terms.first));
        review.holds("time", review.now < begin, "before the programme");
        let same = programme != agreement.programme || setpoints == agreement.setpoints;
        let within = agreement.first <= terms.first && terms.last() <= agreement.last;
        let length = setpoints.len() == terms.length as usize;
        let fits = same && within && length && agreement.admits(&setpoints);
        review.holds("setpoints", fits, "as agreed, within term and limits");
        if programme != agreement.programme {
            let place = (programme, terms.first);
            let fits = self.within_preferences(account, place, &setpoints);
            review.holds("setpoints", fits, "within the preferences");
        }
        let mut rows = Vec::new();
        for (interval, energy) in (terms.first..).zip(setpoints) {
            if energy == 0 {
                continue;
            }
            review.of_interval(interval);
            let place = (account.to_string(), interval);
            let booked = self.booked.entry(place).or_default();
            review.holds("setpoints", booked.0 == 0, "no other agreement");
            (booked.0, booked.1) = (number, energy);
            let used = self.used.entry((programme, account.into())).or_default();
            *used = used.saturating_add(energy.unsigned_abs());
            let sums = Sums {
                agreed: energy,
                ..Sums::default()
            };
            self.count((programme, interval), account, sums);
            rows.push((account.to_string(), interval, energy, agreement.rate));
        }
        Ok((!rows.is_empty()).then(|| Sent::promises(rows)))
    }

    fn programme(&self, fields: &Fields, programme: u32) -> Result<Terms, AuditError> {
        let terms = self.programmes.get(&programme).copied();
        terms.ok_or_else(|| fields.misplaced("a programme"))
    }
}
