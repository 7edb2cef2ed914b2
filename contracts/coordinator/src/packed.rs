//! Arrays and records stored raw under the keys of cw-storage-plus maps: JSON would cost a third
//! more for arrays and four times as much for records, and its length would follow the digits.

use std::marker::PhantomData;
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

/// A value of a fixed number of bytes.
pub trait Record: Sized {
    /// Its bytes.
    fn pack(&self) -> Vec<u8>;

    /// The value of `bytes`; `None` when they are not of the right number.
    fn unpack(bytes: &[u8]) -> Option<Self>;
}

/// A map of records.
pub struct RecordMap<K, R>(Map<K, Empty>, PhantomData<R>);

impl<'a, K: PrimaryKey<'a>, R: Record> RecordMap<K, R> {
    /// A map under `namespace`.
    pub const fn new(namespace: &'static str) -> Self {
        Self(Map::new(namespace), PhantomData)
    }

    /// Stores `record`.
    pub fn save(&self, storage: &mut dyn Storage, key: K, record: &R) {
        storage.set(self.0.key(key).deref(), &record.pack());
    }

    /// The record under `key`, if there is one.
    ///
    /// # Errors
    /// When the stored bytes are no record, which only a defect can cause.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<R>> {
        let Some(bytes) = storage.get(self.0.key(key).deref()) else {
            return Ok(None);
        };
        let found = bytes.len();
        R::unpack(&bytes)
            .map(Some)
            .ok_or_else(|| StdError::msg(format!("stored record: {found} bytes")))
    }
}

/// Splits the first `N` bytes off `bytes`.
pub fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

/// Splits a number off `bytes`.
pub fn take_fx(bytes: &mut &[u8]) -> Option<Fx> {
    take(bytes).map(|bits| Fx::from_bits(i64::from_le_bytes(bits)))
}

/// `N` arrays of one length, one after the other.
pub fn split<const N: usize>(bytes: &[u8]) -> Option<[Vec<Fx>; N]> {
    let numbers = unpack(bytes, bytes.len() / FX_BYTES).ok()?;
    let length = numbers.len() / N;
    if numbers.len() != N * length {
        return None;
    }
    let arrays = (0..N).map(|n| numbers[n * length..(n + 1) * length].to_vec());
    arrays.collect::<Vec<_>>().try_into().ok()
}
