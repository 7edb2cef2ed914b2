//! Events beside the response's own attributes.

use cosmwasm_std::Event;
use gridweave_types::coordinator::{Phase, RoundRecord};
use gridweave_units::Fx;

use crate::pool::Best;
use crate::state::{SessionId, Status};

/// A round has closed.
pub fn round_closed(session: SessionId, record: &RoundRecord) -> Event {
    let mut event = Event::new("round_closed")
        .add_attribute("session", session.to_string())
        .add_attribute("round", record.round.to_string())
        .add_attribute("received", record.received.to_string())
        .add_attribute("missed", record.missed.to_string())
        .add_attribute("r", record.primal.to_string())
        .add_attribute("s", record.dual.to_string())
        .add_attribute("rho", record.rho.to_string());
    if let Some(cost) = record.cost {
        event = event.add_attribute("cost", cost.to_string());
    }
    if let Some(gap) = record.gap {
        event = event.add_attribute("gap", gap.to_string());
    }
    event
}

/// A participant missed a round (or several, as it turns out when it is back).
pub fn agent_missed(session: SessionId, round: u32, participant: u32) -> Event {
    about_agent("agent_missed", session, round, participant)
}

/// A participant was replaced by its baseline, because it `missed` or was `rejected`.
pub fn agent_replaced(session: SessionId, round: u32, participant: u32, reason: &str) -> Event {
    about_agent("agent_replaced", session, round, participant).add_attribute("reason", reason)
}

fn about_agent(name: &str, session: SessionId, round: u32, participant: u32) -> Event {
    Event::new(name)
        .add_attribute("session", session.to_string())
        .add_attribute("round", round.to_string())
        .add_attribute("participant", participant.to_string())
}

/// All have confirmed a plan, and it is the best so far.
pub fn plan_confirmed(session: SessionId, best: &Best) -> Event {
    Event::new("plan_confirmed")
        .add_attribute("session", session.to_string())
        .add_attribute("round", best.round.to_string())
        .add_attribute("cost", best.cost.to_string())
        .add_attribute("gained", best.gained.to_string())
        .add_attribute("lost", best.lost.to_string())
}

/// All have confirmed a plan at a cost that their claims say is impossible.
pub fn plan_contradicted(session: SessionId, round: u32, cost: Fx, bound: Fx) -> Event {
    Event::new("plan_contradicted")
        .add_attribute("session", session.to_string())
        .add_attribute("round", round.to_string())
        .add_attribute("cost", cost.to_string())
        .add_attribute("bound", bound.to_string())
}

/// A session has ended.
pub fn session_ended(session: SessionId, status: &Status) -> Event {
    let name = match status.phase {
        Phase::Converged => "session_converged",
        Phase::Aborted => "session_aborted",
        _ => "session_exhausted",
    };
    let reason = status
        .stop_reason
        .map(|reason| format!("{reason:?}").to_lowercase())
        .unwrap_or_default();
    Event::new(name)
        .add_attribute("session", session.to_string())
        .add_attribute("round", status.round.to_string())
        .add_attribute("reason", reason)
}
