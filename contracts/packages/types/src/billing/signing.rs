//! What a meter signs, built the same way by meters and by the contract.

use cosmwasm_std::Binary;

/// Bytes of one packed reading.
pub const READING_BYTES: usize = 8;
/// Tells these messages from anything else that a key might sign.
const DOMAIN: &[u8] = b"gridweave/billing/readings/1";

/// Where a signature counts, so that it cannot be replayed on another chain or contract.
#[derive(Clone, Copy, Debug)]
pub struct SigningDomain<'a> {
    /// Chain id.
    pub chain_id: &'a str,
    /// Address of the billing contract.
    pub contract: &'a str,
}

/// Packs readings (Wh, injection positive): 8 bytes little endian each.
pub fn pack_readings(readings: &[i64]) -> Binary {
    let bytes: Vec<u8> = readings.iter().flat_map(|r| r.to_le_bytes()).collect();
    bytes.into()
}

/// Unpacks readings; `None` when the bytes are not whole numbers.
pub fn unpack_readings(bytes: &[u8]) -> Option<Vec<i64>> {
    let (chunks, rest) = bytes.as_chunks::<READING_BYTES>();
    rest.is_empty().then(|| {
        chunks
            .iter()
            .map(|chunk| i64::from_le_bytes(*chunk))
            .collect()
    })
}

/// The message whose SHA-256 digest the meter signs with its secp256k1 key (64 bytes `r ‖ s`).
///
/// In order: a domain tag, chain id, contract and account (each after its length), one byte that is
/// 1 for corrections and else 0, the nonce, the first interval, and the packed readings after their
/// length. Lengths are 4 bytes, the nonce is 8, the interval 4, all little endian; with every length
/// given, no two inputs share a message.
pub fn reading_message(
    domain: SigningDomain<'_>,
    account: &str,
    correction: bool,
    nonce: u64,
    from: u32,
    readings: &[u8],
) -> Vec<u8> {
    let mut message = Vec::with_capacity(256 + readings.len());
    for text in [
        DOMAIN,
        domain.chain_id.as_bytes(),
        domain.contract.as_bytes(),
        account.as_bytes(),
    ] {
        put(&mut message, text);
    }
    message.push(u8::from(correction));
    message.extend_from_slice(&nonce.to_le_bytes());
    message.extend_from_slice(&from.to_le_bytes());
    put(&mut message, readings);
    message
}

fn put(message: &mut Vec<u8>, bytes: &[u8]) {
    // No field comes near 4 GiB: a transaction would have to carry it.
    message.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    message.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOMAIN: SigningDomain<'_> = SigningDomain {
        chain_id: "chain-1",
        contract: "billing",
    };

    #[test]
    fn every_field_changes_the_message() {
        let readings = pack_readings(&[-1, 2]);
        let message = reading_message(DOMAIN, "home", false, 1, 7, &readings);
        let other = |domain, account, correction, nonce, from, readings: &[i64]| {
            let readings = pack_readings(readings);
            reading_message(domain, account, correction, nonce, from, &readings)
        };
        let chain = SigningDomain {
            chain_id: "chain-2",
            ..DOMAIN
        };
        let contract = SigningDomain {
            contract: "billinh",
            ..DOMAIN
        };
        for changed in [
            other(chain, "home", false, 1, 7, &[-1, 2]),
            other(contract, "home", false, 1, 7, &[-1, 2]),
            other(DOMAIN, "hame", false, 1, 7, &[-1, 2]),
            other(DOMAIN, "home", true, 1, 7, &[-1, 2]),
            other(DOMAIN, "home", false, 2, 7, &[-1, 2]),
            other(DOMAIN, "home", false, 1, 8, &[-1, 2]),
            other(DOMAIN, "home", false, 1, 7, &[-1, 3]),
            other(DOMAIN, "home", false, 1, 7, &[-1]),
        ] {
            assert_ne!(message, changed);
        }
    }

    #[test]
    fn fields_cannot_run_into_each_other() {
        let split = |chain_id, contract| {
            reading_message(SigningDomain { chain_id, contract }, "", false, 0, 0, &[])
        };
        assert_ne!(split("ab", "c"), split("a", "bc"));
    }

    #[test]
    fn packing_is_lossless() {
        let readings = [0, -1, i64::MIN, i64::MAX, 1_234];
        let unpacked = unpack_readings(&pack_readings(&readings));
        assert_eq!(unpacked.as_deref(), Some(readings.as_slice()));
        assert_eq!(unpack_readings(&[0; 9]), None);
    }
}
