//! Packed arrays stored raw under the keys of cw-storage-plus maps: JSON would cost a third more.

use std::ops::Deref;

use cosmwasm_std::{Empty, StdError, StdResult, Storage};
use cw_storage_plus::{Map, PrimaryKey};
use gridweave_units::{FX_BYTES, Fx, pack, unpack};

/// A map of packed arrays.
pub struct PackedMap<K>(Map<K, Empty>);

impl<'a, K: PrimaryKey<'a>> PackedMap<K> {
    /// A map under `namespace`.
    pub const fn new(namespace: &'static str) -> Self {
        Self(Map::new(namespace))
    }

    /// Stores `values`.
    pub fn save(&self, storage: &mut dyn Storage, key: K, values: &[Fx]) {
        storage.set(self.0.key(key).deref(), &pack(values));
    }

    /// The array under `key`, if there is one.
    ///
    /// # Errors
    /// When the stored bytes are not whole numbers, which only a defect can cause.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<Vec<Fx>>> {
        let Some(bytes) = storage.get(self.0.key(key).deref()) else {
            return Ok(None);
        };
        unpack(&bytes, bytes.len() / FX_BYTES)
            .map(Some)
            .map_err(|error| StdError::msg(format!("stored array: {error}")))
    }

    /// The array under `key`; empty if there is none.
    ///
    /// # Errors
    /// As [`PackedMap::may_load`].
    pub fn load(&self, storage: &dyn Storage, key: K) -> StdResult<Vec<Fx>> {
        Ok(self.may_load(storage, key)?.unwrap_or_default())
    }

    /// Removes the array under `key`.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        storage.remove(self.0.key(key).deref());
    }
}
