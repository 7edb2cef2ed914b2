//! One message's working set: what it touches is read once, changed in memory and written once, at
//! the end and before any message is sent.

use cosmwasm_std::{Addr, Env, Event, Response, StdResult, Storage};
use gridweave_types::assets::{ClaimClass, ConfigResponse, PermitClass};
use gridweave_types::packed::Cache;
use gridweave_units::{Clock, Interval};

use crate::error::{ContractError, overflow};
use crate::state::{
    BOOKS, BOOKS_KEY, Books, CLAIMS, CLASS_NUMBERS, CLASSES, CONFIG, ClaimKey, Class, ClassId,
    DELIVERIES, Delivery, DeliveryKey, HOLDER_NUMBERS, HOLDERS, HolderId, LOCKS, Lock, LockKey,
    MARKETS, MONEY, Market, MarketId, PERMITS, PermitKey, TALLIES, Tally, TallyKey, claim_key,
    class_key, side_of,
};

/// The working set.
pub struct Work<'a> {
    /// Storage.
    pub storage: &'a mut dyn Storage,
    /// What is fixed.
    pub config: ConfigResponse,
    /// Block time (unix seconds).
    pub now: u64,
    /// Totals.
    pub books: Books,
    events: Vec<Event>,
    money: Cache<HolderId, u128>,
    permits: Cache<PermitKey, u64>,
    classes: Cache<ClassId, Class>,
    tallies: Cache<TallyKey, Tally>,
    locks: Cache<LockKey, Lock>,
    claims: Cache<(HolderId, ClaimKey), u64>,
    deliveries: Cache<DeliveryKey, Delivery>,
    markets: Cache<MarketId, Market>,
}

impl<'a> Work<'a> {
    /// An empty working set.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn begin(storage: &'a mut dyn Storage, env: &Env) -> Result<Self, ContractError> {
        Ok(Self {
            config: CONFIG.load(storage)?,
            books: BOOKS.may_load(storage, BOOKS_KEY)?.unwrap_or_default(),
            now: env.block.time.seconds(),
            events: Vec::new(),
            money: Cache::default(),
            permits: Cache::default(),
            classes: Cache::default(),
            tallies: Cache::default(),
            locks: Cache::default(),
            claims: Cache::default(),
            deliveries: Cache::default(),
            markets: Cache::default(),
            storage,
        })
    }

    /// Writes what has changed and adds the collected events to `response`.
    pub fn finish(self, response: Response) -> Response {
        let storage = self.storage;
        BOOKS.save(storage, BOOKS_KEY, &self.books);
        self.money.write_or_remove(storage, &MONEY);
        self.permits.write_or_remove(storage, &PERMITS);
        self.classes.write(storage, &CLASSES);
        self.tallies.write_or_remove(storage, &TALLIES);
        self.locks.write_or_remove(storage, &LOCKS);
        self.claims.write_or_remove(storage, &CLAIMS);
        self.deliveries.write(storage, &DELIVERIES);
        self.markets.write(storage, &MARKETS);
        response.add_events(self.events)
    }

    /// Adds an event after those collected so far.
    pub fn announce(&mut self, event: Event) {
        self.events.push(event);
    }

    /// When an interval begins (unix seconds), and whether it has begun.
    pub fn begin_of(&self, interval: Interval) -> (u64, bool) {
        let clock = Clock {
            genesis: self.config.genesis,
            interval_seconds: self.config.interval_seconds,
        };
        let begins = clock.begin(interval);
        (begins, begins <= self.now)
    }

    /// Number of an address that has been used.
    ///
    /// # Errors
    /// [`ContractError::NoHolder`].
    pub fn holder(&self, address: &Addr) -> Result<HolderId, ContractError> {
        let number = HOLDER_NUMBERS.may_load(self.storage, address)?;
        number.ok_or_else(|| ContractError::NoHolder {
            holder: address.clone(),
        })
    }

    /// Number of an address, which gets one if it has none.
    ///
    /// # Errors
    /// [`ContractError::Overflow`].
    pub fn holder_or_new(&mut self, address: &Addr) -> Result<HolderId, ContractError> {
        if let Some(id) = HOLDER_NUMBERS.may_load(self.storage, address)? {
            return Ok(id);
        }
        let id = self.books.holders.checked_add(1);
        let id = id.ok_or(overflow("number of holders"))?;
        self.books.holders = id;
        HOLDER_NUMBERS.save(self.storage, address, &id)?;
        HOLDERS.save(self.storage, id, address)?;
        Ok(id)
    }

    /// Number of a class that has been used.
    ///
    /// # Errors
    /// [`ContractError::NoClass`].
    pub fn class_id(&self, class: &PermitClass) -> Result<ClassId, ContractError> {
        let number = CLASS_NUMBERS.may_load(self.storage, class_key(class))?;
        number.ok_or(ContractError::NoClass { class: *class })
    }

    /// Number of a class, which gets one if it has none.
    ///
    /// # Errors
    /// [`ContractError::Overflow`].
    pub fn class_id_or_new(&mut self, class: &PermitClass) -> Result<ClassId, ContractError> {
        let key = class_key(class);
        if let Some(id) = CLASS_NUMBERS.may_load(self.storage, key)? {
            return Ok(id);
        }
        let id = self.books.classes.checked_add(1);
        let id = id.ok_or(overflow("number of classes"))?;
        self.books.classes = id;
        CLASS_NUMBERS.save(self.storage, key, &id);
        *self.class(id)? = Class::new(class);
        Ok(id)
    }

    /// Free money of a holder (µ).
    ///
    /// # Errors
    /// Only those of storage.
    pub fn money(&mut self, holder: HolderId) -> StdResult<&mut u128> {
        self.money.entry(self.storage, &MONEY, holder)
    }

    /// Free permits of a holder (Wh).
    ///
    /// # Errors
    /// Only those of storage.
    pub fn permit(&mut self, key: PermitKey) -> StdResult<&mut u64> {
        self.permits.entry(self.storage, &PERMITS, key)
    }

    /// A class of permits.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn class(&mut self, id: ClassId) -> StdResult<&mut Class> {
        self.classes.entry(self.storage, &CLASSES, id)
    }

    /// Energy of the permits for a block of intervals.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn tally(&mut self, key: TallyKey) -> StdResult<&mut Tally> {
        self.tallies.entry(self.storage, &TALLIES, key)
    }

    /// A lock; the default, whose holder is 0, when there is none.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn lock(&mut self, key: LockKey) -> StdResult<&mut Lock> {
        self.locks.entry(self.storage, &LOCKS, key)
    }

    /// Energy that a holder claims (Wh).
    ///
    /// # Errors
    /// Only those of storage.
    pub fn claim(&mut self, holder: HolderId, class: &ClaimClass) -> StdResult<&mut u64> {
        let key = (holder, claim_key(class));
        self.claims.entry(self.storage, &CLAIMS, key)
    }

    /// Trades and deposits of one side, feeder and interval.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn delivery(&mut self, class: &ClaimClass) -> StdResult<&mut Delivery> {
        let key = (class.interval, (side_of(class.side), class.feeder));
        self.deliveries.entry(self.storage, &DELIVERIES, key)
    }

    /// A market.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn market(&mut self, id: MarketId) -> StdResult<&mut Market> {
        self.markets.entry(self.storage, &MARKETS, id)
    }
}
