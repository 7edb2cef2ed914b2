//! Messages that the contract took: a response with the events beside it.

use super::{Action, Detail, Fields, LoggedEvent};
use crate::AuditError;

/// A message that took effect.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub height: u64,
    pub time: u64,
    /// Name of the action.
    pub name: String,
    pub action: Action,
    pub details: Vec<Detail>,
}

/// Groups the events of one contract: a response comes first, then what it announces beside it.
pub(crate) fn messages<'a>(
    events: impl IntoIterator<Item = &'a LoggedEvent>,
) -> Result<Vec<Message>, AuditError> {
    let mut messages: Vec<Message> = Vec::new();
    for event in events {
        let fields = Fields::of(event);
        if event.name().is_none() {
            messages.push(Message {
                height: event.height,
                time: event.time,
                name: fields.name()?.to_owned(),
                action: Action::read(fields)?,
                details: Vec::new(),
            });
            continue;
        }
        let own = messages.last_mut();
        let own = own.filter(|message| message.height == event.height);
        let own = own.ok_or_else(|| fields.misplaced("the response that it belongs to"))?;
        own.details.push(Detail::read(fields)?);
    }
    Ok(messages)
}
