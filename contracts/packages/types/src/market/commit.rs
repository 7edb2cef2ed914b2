//! What a solver binds itself to, built the same way by solvers and by the contract.

/// Tells these messages from anything else that is hashed.
const DOMAIN: &[u8] = b"gridweave/market/commit/1";

/// Where and when a commitment counts, so that nobody else can reveal it, nor anywhere else.
#[derive(Clone, Copy, Debug)]
pub struct CommitDomain<'a> {
    /// Chain id.
    pub chain_id: &'a str,
    /// Address of the market.
    pub market: &'a str,
    /// Address of the solver.
    pub solver: &'a str,
    /// The round.
    pub round: u32,
}

/// The message whose SHA-256 is committed: a domain tag, chain id, market, solver and salt, each
/// after its length (4 bytes little endian), the round (4 bytes) and the digest of the trades.
pub fn commit_message(domain: CommitDomain<'_>, salt: &[u8], digest: &[u8; 32]) -> Vec<u8> {
    let mut message = Vec::with_capacity(256);
    for text in [
        DOMAIN,
        domain.chain_id.as_bytes(),
        domain.market.as_bytes(),
        domain.solver.as_bytes(),
        salt,
    ] {
        // No field comes near 4 GiB: a transaction would have to carry it.
        message.extend_from_slice(&(text.len() as u32).to_le_bytes());
        message.extend_from_slice(text);
    }
    message.extend_from_slice(&domain.round.to_le_bytes());
    message.extend_from_slice(digest);
    message
}

/// The message whose SHA-256 is the digest after one more message of trades: the digest before it
/// (zeros for the first), then the SHA-256 of the trades.
pub fn digest_message(before: &[u8; 32], trades: &[u8; 32]) -> [u8; 64] {
    let mut message = [0; 64];
    message[..32].copy_from_slice(before);
    message[32..].copy_from_slice(trades);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_changes_the_message() {
        let domain = CommitDomain {
            chain_id: "chain-1",
            market: "market",
            solver: "solver",
            round: 7,
        };
        let message = commit_message(domain, b"salt", &[1; 32]);
        for changed in [
            commit_message(
                CommitDomain {
                    chain_id: "chain-2",
                    ..domain
                },
                b"salt",
                &[1; 32],
            ),
            commit_message(
                CommitDomain {
                    market: "markets",
                    ..domain
                },
                b"salt",
                &[1; 32],
            ),
            commit_message(
                CommitDomain {
                    solver: "copier",
                    ..domain
                },
                b"salt",
                &[1; 32],
            ),
            commit_message(CommitDomain { round: 8, ..domain }, b"salt", &[1; 32]),
            commit_message(domain, b"salts", &[1; 32]),
            commit_message(domain, b"salt", &[2; 32]),
        ] {
            assert_ne!(message, changed);
        }
    }
}
