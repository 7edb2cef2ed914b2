//! Certificates as bytes, little endian: one byte of format, the scale (8), then per interval its
//! number (4), `φ` (8), the number of levels (4) with price and `μ` (8 each), and the number of feeders
//! (4) with number (4), `α`, `γ` and `β` (8 each).

use super::{Certificate, FeederDuals, IntervalDuals};

/// First byte of every certificate.
const FORMAT: u8 = 1;

/// Bytes that are not a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Another format.
    #[error("certificate: format {format}, expected {FORMAT}")]
    Format {
        /// The first byte.
        format: u8,
    },
    /// Cut off, or not as long as it says.
    #[error("certificate: {bytes} bytes do not hold what they say")]
    Length {
        /// All bytes.
        bytes: usize,
    },
    /// A scale out of range.
    #[error("certificate: scale {scale}, expected 1 to {}", Certificate::MAX_SCALE)]
    Scale {
        /// The scale.
        scale: u64,
    },
    /// Entries that do not ascend.
    #[error("certificate: {what} {value} does not come after its predecessor")]
    Order {
        /// `interval`, `price` or `feeder`.
        what: &'static str,
        /// The entry.
        value: u64,
    },
}

impl Certificate {
    /// As bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        bytes.extend_from_slice(&self.scale.to_le_bytes());
        for duals in &self.intervals {
            bytes.extend_from_slice(&duals.interval.to_le_bytes());
            bytes.extend_from_slice(&duals.base.to_le_bytes());
            put_length(duals.levels.len(), &mut bytes);
            for (price, rise) in &duals.levels {
                bytes.extend_from_slice(&price.to_le_bytes());
                bytes.extend_from_slice(&rise.to_le_bytes());
            }
            put_length(duals.feeders.len(), &mut bytes);
            for feeder in &duals.feeders {
                bytes.extend_from_slice(&feeder.feeder.to_le_bytes());
                bytes.extend_from_slice(&feeder.net.to_le_bytes());
                bytes.extend_from_slice(&feeder.consumption.to_le_bytes());
                bytes.extend_from_slice(&feeder.production.to_le_bytes());
            }
        }
        bytes
    }

    /// From bytes.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CertificateError> {
        let length = CertificateError::Length { bytes: bytes.len() };
        let mut rest = bytes;
        let [format] = take(&mut rest).ok_or(length)?;
        if format != FORMAT {
            return Err(CertificateError::Format { format });
        }
        let scale = u64::from_le_bytes(take(&mut rest).ok_or(length)?);
        if !(1..=Self::MAX_SCALE).contains(&scale) {
            return Err(CertificateError::Scale { scale });
        }
        let mut intervals = Vec::new();
        while !rest.is_empty() {
            intervals.push(interval(&mut rest).ok_or(length)?);
        }
        let certificate = Self { scale, intervals };
        certificate.check_order()?;
        Ok(certificate)
    }

    /// That everything is strictly ascending.
    ///
    /// # Errors
    /// [`CertificateError::Order`].
    pub fn check_order(&self) -> Result<(), CertificateError> {
        let intervals = self.intervals.iter();
        ascending("interval", intervals.map(|duals| duals.interval.into()))?;
        for duals in &self.intervals {
            ascending("price", duals.levels.iter().map(|level| level.0))?;
            ascending("feeder", duals.feeders.iter().map(|f| f.feeder.into()))?;
        }
        Ok(())
    }
}

fn put_length(length: usize, bytes: &mut Vec<u8>) {
    // No list comes near 4 billion entries: they would not fit into a message.
    bytes.extend_from_slice(&(length as u32).to_le_bytes());
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

fn interval(bytes: &mut &[u8]) -> Option<IntervalDuals> {
    let interval = u32::from_le_bytes(take(bytes)?);
    let base = i64::from_le_bytes(take(bytes)?);
    let mut levels = Vec::new();
    for _ in 0..u32::from_le_bytes(take(bytes)?) {
        let price = u64::from_le_bytes(take(bytes)?);
        levels.push((price, u64::from_le_bytes(take(bytes)?)));
    }
    let mut feeders = Vec::new();
    for _ in 0..u32::from_le_bytes(take(bytes)?) {
        feeders.push(FeederDuals {
            feeder: u32::from_le_bytes(take(bytes)?),
            net: i64::from_le_bytes(take(bytes)?),
            consumption: u64::from_le_bytes(take(bytes)?),
            production: u64::from_le_bytes(take(bytes)?),
        });
    }
    Some(IntervalDuals {
        interval,
        base,
        levels,
        feeders,
    })
}

fn ascending(
    what: &'static str,
    values: impl Iterator<Item = u64>,
) -> Result<(), CertificateError> {
    let mut before = None;
    for value in values {
        if before.is_some_and(|before| value <= before) {
            return Err(CertificateError::Order { what, value });
        }
        before = Some(value);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    prop_compose! {
        fn interval()(
            base in any::<i64>(),
            levels in vec((1..9u64, any::<u64>()), 0..4),
            feeders in vec((1..9u32, any::<i64>(), any::<[u64; 2]>()), 0..4),
        ) -> IntervalDuals {
            let (mut price, mut feeder) = (0, 0);
            IntervalDuals {
                interval: 0,
                base,
                levels: levels
                    .into_iter()
                    .map(|(step, rise)| { price += step; (price, rise) })
                    .collect(),
                feeders: feeders
                    .into_iter()
                    .map(|(step, net, [consumption, production])| {
                        feeder += step;
                        FeederDuals { feeder, net, consumption, production }
                    })
                    .collect(),
            }
        }
    }

    proptest! {
        #[test]
        fn certificates_survive(
            scale in 1..=Certificate::MAX_SCALE,
            mut intervals in vec(interval(), 0..4),
        ) {
            for (at, duals) in intervals.iter_mut().enumerate() {
                duals.interval = 3 * at as u32;
            }
            let certificate = Certificate { scale, intervals };
            let bytes = certificate.to_bytes();
            prop_assert_eq!(Certificate::from_bytes(&bytes), Ok(certificate));
            let cut = &bytes[..bytes.len() - 1];
            prop_assert!(Certificate::from_bytes(cut).is_err());
        }

        #[test]
        fn any_bytes_are_read_without_panic(mut bytes in vec(any::<u8>(), 0..99)) {
            let _ = Certificate::from_bytes(&bytes);
            bytes.splice(..0, [FORMAT, 1, 0, 0, 0, 0, 0, 0, 0]);
            let _ = Certificate::from_bytes(&bytes);
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let refused = |bytes: &[u8]| Certificate::from_bytes(bytes).unwrap_err().to_string();
        assert_eq!(refused(&[2]), "certificate: format 2, expected 1");
        assert_eq!(
            refused(&[1; 9 + 4]),
            "certificate: scale 72340172838076673, expected 1 to 1099511627776"
        );
        let mut certificate = Certificate {
            scale: 1,
            intervals: vec![IntervalDuals::default(); 2],
        };
        let order = "certificate: interval 0 does not come after its predecessor";
        assert_eq!(refused(&certificate.to_bytes()), order);
        certificate.intervals.pop();
        certificate.intervals[0].levels = vec![(5, 1), (4, 1)];
        let order = "certificate: price 4 does not come after its predecessor";
        assert_eq!(refused(&certificate.to_bytes()), order);
    }
}
