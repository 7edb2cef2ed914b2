//! Who takes part, and what they prefer.

use gridweave_types::crowdsourcing::{
    Device, EnrolmentState, Kind, Preferences, check_devices, check_preferences,
};
use gridweave_types::parameter::InvalidParameter;

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
        if next == Requested {
            let devices: Vec<Device> = fields.json("devices")?;
            in_range(check_devices(&devices), "devices", review);
        }
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
        let terms = self.programmes.get(&programme);
        let terms = terms.ok_or_else(|| fields.misplaced("a programme"))?;
        let until = terms.preferences_until.u64();
        let limits = &self.terms.limits;
        let (energy, price) = (limits.energy.u64(), limits.price.u64());
        let checked = check_preferences(&preferences, terms, energy, price);
        in_range(checked, "preferences", review);
        review.holds("time", review.now < until, "before the deadline");
        let key = (programme, account);
        let before = self.preferences.get(&key);
        let amended = before.map_or(0, |(_, amended)| amended.saturating_add(1));
        review.same("amended", fields.number("amended")?, amended);
        self.preferences.insert(key, (preferences, amended));
        Ok(())
    }
}

/// That sizes and ranges are those that the contract admits.
fn in_range(checked: Result<(), InvalidParameter>, what: &str, review: &mut Review) {
    let expected = checked
        .as_ref()
        .map_or_else(ToString::to_string, |()| String::new());
    review.holds(what, checked.is_ok(), expected);
}
