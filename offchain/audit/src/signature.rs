//! Signatures of meters.

use gridweave_types::billing::{SigningDomain, reading_message};
use k256::ecdsa::signature::hazmat::PrehashVerifier;
use k256::ecdsa::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::Subject;
use crate::event::Readings;

/// Whether the meter with this compressed key has signed the readings.
pub(crate) fn verify(subject: &Subject, key: &[u8], readings: &Readings) -> bool {
    let domain = SigningDomain {
        chain_id: &subject.chain_id,
        contract: &subject.billing,
    };
    let message = reading_message(
        domain,
        &readings.account,
        readings.correction,
        readings.nonce,
        readings.from,
        &readings.packed,
    );
    let digest = Sha256::digest(message);
    let Ok(key) = VerifyingKey::from_sec1_bytes(key) else {
        return false;
    };
    let Ok(signature) = Signature::from_slice(&readings.signature) else {
        return false;
    };
    // The chain takes either of the two forms of a signature.
    let signature = signature.normalize_s().unwrap_or(signature);
    key.verify_prehash(&digest, &signature).is_ok()
}
