//! Trades as bytes, little endian.
//!
//! | field | bytes | |
//! |---|---|---|
//! | interval | 2 | counted from a base that both sides know; absent in stored trades |
//! | seller, buyer | 4 each | |
//! | energy | 4 | Wh |
//! | price | 8 | µ/kWh; absent where the rule sets the price |

use gridweave_units::Interval;

use super::offer::Trade;

/// Which fields the bytes of a trade have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// In a message: interval, seller, buyer, energy and price (22 bytes).
    Priced,
    /// In a message of a market that sets prices itself (14 bytes); the price reads as 0.
    Unpriced,
    /// Stored under its interval: seller, buyer, energy, price (20 bytes).
    Stored,
}

impl Layout {
    /// Bytes of a trade.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Priced => 22,
            Self::Unpriced => 14,
            Self::Stored => 20,
        }
    }

    const fn has_interval(self) -> bool {
        !matches!(self, Self::Stored)
    }

    const fn has_price(self) -> bool {
        !matches!(self, Self::Unpriced)
    }
}

/// Bytes that are not trades.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TradesError {
    /// Not a whole number of trades.
    #[error("trades: {bytes} bytes, expected a multiple of {each}")]
    Length {
        /// Bytes received.
        bytes: usize,
        /// Bytes of a trade.
        each: usize,
    },
    /// An interval past the last there is.
    #[error("trades: interval {base} + {offset} does not exist")]
    Interval {
        /// The base.
        base: u32,
        /// What the bytes add to it.
        offset: u16,
    },
}

/// Appends a trade; `None` when its energy or the distance of its interval from `base` does not fit.
pub fn pack_trade(
    layout: Layout,
    base: Interval,
    trade: &Trade,
    bytes: &mut Vec<u8>,
) -> Option<()> {
    let offset = trade.interval.0.checked_sub(base.0)?;
    let offset = u16::try_from(offset).ok()?;
    let energy = u32::try_from(trade.energy).ok()?;
    if layout.has_interval() {
        bytes.extend_from_slice(&offset.to_le_bytes());
    }
    bytes.extend_from_slice(&trade.seller.to_le_bytes());
    bytes.extend_from_slice(&trade.buyer.to_le_bytes());
    bytes.extend_from_slice(&energy.to_le_bytes());
    if layout.has_price() {
        bytes.extend_from_slice(&trade.price.to_le_bytes());
    }
    Some(())
}

/// The trades that `bytes` hold, in their order. Stored trades are all of the interval `base`.
///
/// # Errors
/// [`TradesError`].
pub fn unpack_trades(
    layout: Layout,
    base: Interval,
    bytes: &[u8],
) -> Result<impl Iterator<Item = Result<Trade, TradesError>> + use<'_>, TradesError> {
    let each = layout.bytes();
    if !bytes.len().is_multiple_of(each) {
        return Err(TradesError::Length {
            bytes: bytes.len(),
            each,
        });
    }
    let one = move |bytes| unpack(layout, base, bytes);
    Ok(bytes.chunks_exact(each).map(one))
}

fn unpack(layout: Layout, base: Interval, mut bytes: &[u8]) -> Result<Trade, TradesError> {
    let offset = match layout.has_interval() {
        true => u16::from_le_bytes(take(&mut bytes)),
        false => 0,
    };
    let interval = base.0.checked_add(offset.into());
    Ok(Trade {
        interval: Interval(interval.ok_or(TradesError::Interval {
            base: base.0,
            offset,
        })?),
        seller: u32::from_le_bytes(take(&mut bytes)),
        buyer: u32::from_le_bytes(take(&mut bytes)),
        energy: u32::from_le_bytes(take(&mut bytes)).into(),
        price: match layout.has_price() {
            true => u64::from_le_bytes(take(&mut bytes)),
            false => 0,
        },
    })
}

/// Takes `N` bytes off the front; the chunk is as long as its layout says.
fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    match bytes.split_first_chunk() {
        Some((head, rest)) => {
            *bytes = rest;
            *head
        }
        None => [0; N],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn trade()(
            offset in any::<u16>(),
            seller in any::<u32>(),
            buyer in any::<u32>(),
            energy in any::<u32>(),
            price in any::<u64>(),
        ) -> Trade {
            let interval = Interval(100 + u32::from(offset));
            Trade { interval, seller, buyer, energy: energy.into(), price }
        }
    }

    proptest! {
        #[test]
        fn packing_is_lossless(trades in proptest::collection::vec(trade(), 0..9)) {
            for layout in [Layout::Priced, Layout::Unpriced, Layout::Stored] {
                let mut bytes = Vec::new();
                for trade in &trades {
                    pack_trade(layout, Interval(100), trade, &mut bytes).unwrap();
                }
                prop_assert_eq!(bytes.len(), trades.len() * layout.bytes());
                let read = unpack_trades(layout, Interval(100), &bytes).unwrap();
                for (read, trade) in read.zip(&trades) {
                    let expected = Trade {
                        interval: if layout.has_interval() { trade.interval } else { Interval(100) },
                        price: if layout.has_price() { trade.price } else { 0 },
                        ..*trade
                    };
                    prop_assert_eq!(read, Ok(expected));
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let trade = Trade {
            interval: Interval(70_000),
            seller: 1,
            buyer: 2,
            energy: 1,
            price: 1,
        };
        let mut bytes = Vec::new();
        assert_eq!(
            pack_trade(Layout::Priced, Interval(0), &trade, &mut bytes),
            None
        );
        assert_eq!(
            pack_trade(Layout::Priced, Interval(70_001), &trade, &mut bytes),
            None
        );
        let large = Trade {
            energy: 1 << 32,
            ..trade
        };
        assert_eq!(
            pack_trade(Layout::Priced, Interval(70_000), &large, &mut bytes),
            None
        );
        assert!(bytes.is_empty());
        assert!(unpack_trades(Layout::Priced, Interval(0), &[0; 23]).is_err());
        let mut past = unpack_trades(Layout::Priced, Interval(u32::MAX), &[1; 22]).unwrap();
        assert!(past.next().unwrap().is_err());
    }
}
