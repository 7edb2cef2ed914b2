//! Ports for networks of tests.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

/// Ports that a base leaves to one node.
const PER_NODE: u16 = 10;
/// Nodes of the largest network.
const NODES: u16 = 4;

/// A base with free ports for four nodes, another one at each call.
pub fn free_ports() -> u16 {
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    let start = 20_000 + (std::process::id() % 100) as u16 * 120;
    (0..100)
        .map(|_| start + PER_NODE * NODES * TAKEN.fetch_add(1, Ordering::Relaxed))
        .find(|base| (0..PER_NODE * NODES).all(|offset| is_free(base + offset)))
        .expect("free ports")
}

fn is_free(port: u16) -> bool {
    TcpListener::bind(("127.0.0.1", port)).is_ok()
}
