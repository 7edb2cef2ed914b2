//! One crank's working set: pages are read once, changed in memory and written once, before any
//! message leaves.

use cosmwasm_std::{Event, Response, StdResult, Storage, WasmMsg, wasm_execute};
use gridweave_types::assets;
use gridweave_types::market::ConfigResponse;

use crate::book::{Offers, Used};
use crate::error::ContractError;
use crate::state::Status;

/// The working set.
pub struct Work<'a> {
    /// Storage.
    pub storage: &'a mut dyn Storage,
    /// What is fixed.
    pub config: ConfigResponse,
    /// Where the market stands.
    pub status: Status,
    /// Offers.
    pub offers: Offers,
    /// What the candidate takes from offers in open intervals.
    pub used: Used,
    /// Trades and offers that the page still has room for.
    pub left: u32,
    events: Vec<Event>,
    messages: Vec<WasmMsg>,
}

impl<'a> Work<'a> {
    /// An empty working set with room for `limit` trades and offers.
    pub fn new(
        storage: &'a mut dyn Storage,
        config: ConfigResponse,
        status: Status,
        limit: u32,
    ) -> Self {
        Self {
            used: Used::of(status.candidate),
            storage,
            config,
            status,
            offers: Offers::default(),
            left: limit,
            events: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Adds an event after those collected so far.
    pub fn announce(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Adds a message to `assets` after those collected so far.
    ///
    /// # Errors
    /// Only those of serialization.
    pub fn send(&mut self, message: &assets::ExecuteMsg) -> StdResult<()> {
        let message = wasm_execute(&self.config.assets, message, Vec::new())?;
        self.messages.push(message);
        Ok(())
    }

    /// Gives back what is left in the locks of offers that have ended.
    ///
    /// # Errors
    /// Only those of serialization.
    pub fn release(&mut self, offers: &[u32]) -> StdResult<()> {
        if offers.is_empty() {
            return Ok(());
        }
        let offers = offers.iter().map(|offer| u64::from(*offer).into());
        self.send(&assets::ExecuteMsg::Release {
            offers: offers.collect(),
        })
    }

    /// Writes everything and adds events and messages to `response`.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn finish(self, response: Response) -> Result<Response, ContractError> {
        self.offers.write(self.storage)?;
        self.used.write(self.storage);
        self.status.save(self.storage);
        Ok(response.add_events(self.events).add_messages(self.messages))
    }
}

/// Adds a list of offers, separated by commas, unless it is empty: chains refuse empty values.
pub fn with_list(event: Event, key: &str, offers: &[u32]) -> Event {
    if offers.is_empty() {
        return event;
    }
    let offers: Vec<String> = offers.iter().map(ToString::to_string).collect();
    event.add_attribute(key, offers.join(","))
}
