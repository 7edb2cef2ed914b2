//! One day at a clearing price: everybody who delivers in a feeder and interval is paid the same.

use super::day::{LEAST_TASK, State};
use super::{Obtained, Setting};
use crate::crowdsourcing::Offer;

/// Incentives tried, evenly up to the cap.
const STEPS: u32 = 64;

/// The day.
pub(super) fn live(setting: &Setting, day: u32) -> Obtained {
    let mut state = State::new(setting, day);
    let mut obtained = Obtained::default();
    for t in 0..setting.instance.horizon {
        for feeder in 0..setting.crowd.feeders.len() {
            if setting.crowd.feeders[feeder].shortage[t] > 0.0 {
                obtained.add(&clear(&mut state, setting, feeder, t));
            }
        }
        state.pass(t);
    }
    obtained
}

fn clear(state: &mut State, setting: &Setting, feeder: usize, t: usize) -> Obtained {
    let (crowd, hours) = (setting.crowd, setting.instance.interval_hours);
    let data = &crowd.feeders[feeder];
    let shortage = data.shortage[t];
    let mut sellers: Vec<(usize, f64)> = Vec::new();
    let mut incentive = 0.0;
    for step in 0..=STEPS {
        incentive = crowd.terms.incentive_cap * f64::from(step) / f64::from(STEPS);
        // A market does not know who is meant to deliver: everybody offers all.
        let people = crowd
            .type2(feeder)
            .map(|(who, _)| (who, state.available(who, t)));
        let accepts = |&(who, delivery): &(usize, f64)| {
            let offer = Offer {
                delivery,
                incentive,
            };
            delivery >= LEAST_TASK && state.answer(who, t, offer, delivery)
        };
        sellers = people.filter(accepts).collect();
        let supply: f64 = sellers.iter().map(|(_, delivery)| delivery).sum();
        if supply >= shortage {
            break;
        }
    }
    // The budget binds the clearing price as it binds offers.
    let most = data.budget[t] / incentive.max(f64::MIN_POSITIVE);
    let supply: f64 = sellers.iter().map(|(_, delivery)| delivery).sum();
    let wanted = shortage.min(supply).min(most);
    let share = if supply > 0.0 { wanted / supply } else { 0.0 };
    for &(who, delivery) in &sellers {
        state.deliver(who, t, share * delivery);
    }
    let left = (shortage - wanted).max(0.0);
    let prices = setting.parts.iter().map(|part| part.price[t]);
    let mean = prices.sum::<f64>() / setting.parts.len().max(1) as f64;
    let accepted = sellers.len() as u32;
    Obtained {
        shortage: shortage * hours,
        energy: wanted * hours,
        spent: incentive * wanted,
        supplemented: left * hours,
        premium: left * (crowd.terms.supplement_price - mean).max(0.0),
        offers: accepted,
        first: accepted,
        raised: 0,
    }
}
