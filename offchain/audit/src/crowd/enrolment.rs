//! Who takes part, and what they prefer.

use gridweave_types::crowdsourcing::{EnrolmentState, Kind, Preferences};

use super::Office;
use crate::AuditError;
use crate::trading::announced::Announced;
use crate::trading::review::Review;

impl Office {
    pub(super) fn enrolment(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        use EnrolmentState::{Enrolled, Refused, Requested, Revoked};
        let fields = &message.response;
        let account = fields.owned("account")?;
        review.of_account(&account);
        let known = self.members.get(&account).copied();
        let state = known.map(|(_, state)| state);
        let (next, fits) = match &*message.name {
            "enrolment_requested" => {
                let fits = state.is_none_or(|state| matches!(state, Refused | Revoked));
                (Requested, fits)
            }
            "enrolment_approved" => (Enrolled, state == Some(Requested)),
            "enrolment_refused" => (Refused, state == Some(Requested)),
            _ => {
                let fits = state.is_some_and(|state| matches!(state, Requested | Enrolled));
                (Revoked, fits)
            }
        };
        review.holds("enrolment", fits, "another state");
        let kind = match (next, known) {
            (EnrolmentState::Requested, _) | (_, None) => match fields.optional("kind")? {
                Some("type1") => Kind::Type1,
                Some("generator") => Kind::Generator,
                Some("type2") => Kind::Type2,
                other => {
                    let other = other.unwrap_or("none");
                    return Err(fields.wrong("kind", other, "type1, type2 or generator"));
                }
            },
            (_, Some((kind, _))) => kind,
        };
        self.members.insert(account, (kind, next));
        Ok(())
    }

    pub(super) fn preferred(
        &mut self,
        message: &Announced,
        review: &mut Review,
    ) -> Result<(), AuditError> {
        let fields = &message.response;
        let account = fields.owned("account")?;
        review.of_account(&account);
        let programme: u32 = fields.number("programme")?;
        let preferences: Preferences = fields.json("preferences")?;
        let all = [Kind::Type1, Kind::Type2, Kind::Generator];
        self.takes_part(&account, &all, review);
        let until = self.programmes.get(&programme);
        let until = until.map_or(0, |terms| terms.preferences_until.u64());
        review.holds("time", review.now < until, "before the deadline");
        let key = (programme, account);
        let before = self.preferences.get(&key);
        let amended = before.map_or(0, |(_, amended)| amended.saturating_add(1));
        review.same("amended", fields.number("amended")?, amended);
        self.preferences.insert(key, (preferences, amended));
        Ok(())
    }
}
