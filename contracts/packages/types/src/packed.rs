//! Records stored as fixed little-endian fields under the keys of cw-storage-plus maps: JSON would
//! cost several times as many bytes, and records are written for every account and interval.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Deref;

use cosmwasm_std::{Empty, Order, StdError, StdResult, Storage};
use cw_storage_plus::{Bound, KeyDeserialize, Map, Prefixer, PrimaryKey};

/// A record that knows its bytes.
pub trait Packed: Sized {
    /// Appends the bytes.
    fn put(&self, bytes: &mut Vec<u8>);

    /// Takes the record off the front; `None` when the bytes are not one.
    fn take(bytes: &mut &[u8]) -> Option<Self>;
}

macro_rules! packed_integers {
    ($($integer:ty),*) => {$(
        impl Packed for $integer {
            fn put(&self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &mut &[u8]) -> Option<Self> {
                let (head, rest) = bytes.split_first_chunk()?;
                *bytes = rest;
                Some(Self::from_le_bytes(*head))
            }
        }
    )*};
}
packed_integers!(u8, u32, u64, u128, i64, i128);

impl Packed for bool {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match u8::take(bytes)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

/// All that is left: a list has no length of its own and must come last.
impl<T: Packed> Packed for Vec<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        for item in self {
            item.put(bytes);
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let mut items = Self::new();
        while !bytes.is_empty() {
            items.push(T::take(bytes)?);
        }
        Some(items)
    }
}

/// Defines a struct that is packed field by field.
#[macro_export]
macro_rules! packed_struct {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $( $(#[$field_meta:meta])* pub $field:ident: $type:ty, )* }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $name { $( $(#[$field_meta])* pub $field: $type, )* }

        impl $crate::packed::Packed for $name {
            fn put(&self, bytes: &mut Vec<u8>) {
                $( $crate::packed::Packed::put(&self.$field, bytes); )*
            }

            fn take(bytes: &mut &[u8]) -> Option<Self> {
                Some(Self { $( $field: $crate::packed::Packed::take(bytes)?, )* })
            }
        }
    };
}
pub use crate::packed_struct;

/// A map of packed records.
pub struct PackedMap<K, V> {
    map: Map<K, Empty>,
    value: std::marker::PhantomData<V>,
}

impl<'a, K: PrimaryKey<'a>, V: Packed> PackedMap<K, V> {
    /// A map under `namespace`.
    pub const fn new(namespace: &'static str) -> Self {
        Self {
            map: Map::new(namespace),
            value: std::marker::PhantomData,
        }
    }

    /// Stores a record.
    pub fn save(&self, storage: &mut dyn Storage, key: K, record: &V) {
        let mut bytes = Vec::new();
        record.put(&mut bytes);
        storage.set(self.map.key(key).deref(), &bytes);
    }

    /// Removes a record.
    pub fn remove(&self, storage: &mut dyn Storage, key: K) {
        storage.remove(self.map.key(key).deref());
    }

    /// The record under `key`, if there is one.
    ///
    /// # Errors
    /// When the stored bytes are not a record, which only a defect can cause.
    pub fn may_load(&self, storage: &dyn Storage, key: K) -> StdResult<Option<V>> {
        let Some(bytes) = storage.get(self.map.key(key).deref()) else {
            return Ok(None);
        };
        let mut rest = bytes.as_slice();
        let record = V::take(&mut rest).filter(|_| rest.is_empty());
        let broken = || StdError::msg(format!("stored record of {} bytes is broken", bytes.len()));
        record.ok_or_else(broken).map(Some)
    }
}

impl<'a, A, B, V> PackedMap<(A, B), V>
where
    (A, B): PrimaryKey<'a, Prefix = A, Suffix = B>,
    A: Prefixer<'a> + PrimaryKey<'a>,
    B: PrimaryKey<'a> + KeyDeserialize<Output = B> + 'static,
{
    /// Second halves of the keys that begin with `first`, ascending, after `start_after`.
    ///
    /// # Errors
    /// When a stored key is broken, which only a defect can cause.
    pub fn seconds(
        &self,
        storage: &dyn Storage,
        first: A,
        start_after: Option<B>,
        limit: usize,
    ) -> StdResult<Vec<B>> {
        let start = start_after.map(Bound::exclusive);
        let keys = self.map.prefix(first);
        let keys = keys.keys(storage, start, None, Order::Ascending);
        keys.take(limit).collect()
    }
}

/// Records that one message has read so far, each with what it was: a record is read once, changed
/// in memory and written once.
pub struct Cache<K, V>(BTreeMap<K, (V, V)>);

impl<K, V> Default for Cache<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<'a, K, V> Cache<K, V>
where
    K: PrimaryKey<'a> + Copy + Ord,
    V: Packed + Default + Clone + PartialEq,
{
    /// The record under `key`; the default when there is none.
    ///
    /// # Errors
    /// Only those of storage.
    pub fn entry(
        &mut self,
        storage: &dyn Storage,
        map: &PackedMap<K, V>,
        key: K,
    ) -> StdResult<&mut V> {
        let entry = match self.0.entry(key) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(free) => {
                let record = map.may_load(storage, key)?.unwrap_or_default();
                free.insert((record.clone(), record))
            }
        };
        Ok(&mut entry.1)
    }

    /// Writes what has changed.
    pub fn write(self, storage: &mut dyn Storage, map: &PackedMap<K, V>) {
        for (key, (before, after)) in self.0 {
            if after != before {
                map.save(storage, key, &after);
            }
        }
    }

    /// Writes what has changed, and removes what has become the default.
    pub fn write_or_remove(self, storage: &mut dyn Storage, map: &PackedMap<K, V>) {
        let none = V::default();
        for (key, (before, after)) in self.0 {
            if after == before {
                continue;
            }
            if after == none {
                map.remove(storage, key);
            } else {
                map.save(storage, key, &after);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    packed_struct! {
        /// One field of each kind.
        pub struct Sample {
            /// Signed.
            pub signed: i128,
            /// Flag.
            pub flag: bool,
            /// The rest.
            pub list: Vec<u32>,
        }
    }

    #[test]
    fn records_survive_and_broken_bytes_do_not() {
        let sample = Sample {
            signed: i128::MIN,
            flag: true,
            list: vec![1, u32::MAX],
        };
        let mut bytes = Vec::new();
        sample.put(&mut bytes);
        assert_eq!(bytes.len(), 16 + 1 + 8);
        assert_eq!(Sample::take(&mut bytes.as_slice()), Some(sample));
        assert_eq!(Sample::take(&mut &bytes[..20]), None);
        bytes[16] = 2;
        assert_eq!(Sample::take(&mut bytes.as_slice()), None);
    }
}
