//! The node's announcements of its blocks over a websocket. Only a hint: they may stop at any time
//! (more subscribers than the node allows, a slow reader), and are asked for again.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use super::log;
use super::node::Node;

/// Headers only: whole blocks would cost every process the work of reading them.
const SUBSCRIBE: &str = r#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"query":"tm.event='NewBlockHeader'"}}"#;
/// A connection without a word for so long is dead.
const SILENCE: Duration = Duration::from_secs(30);
/// Pause before connecting again.
const PAUSE: Duration = Duration::from_secs(2);

/// Wakes who waits for a block.
#[derive(Default)]
pub(super) struct Announcements {
    wake: Notify,
    arriving: AtomicBool,
    /// Height of the latest block announced, 0 before there is one.
    height: AtomicU64,
}

/// An announcement, as far as it is read: `result.data.value.header.height`.
#[derive(Deserialize)]
struct Announcement {
    result: Subscribed,
}

#[derive(Deserialize)]
struct Subscribed {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    value: NewBlockHeader,
}

#[derive(Deserialize)]
struct NewBlockHeader {
    header: Header,
}

#[derive(Deserialize)]
struct Header {
    height: String,
}

impl Announcements {
    /// Waits for the next announcement; the height of the latest block that was announced.
    pub(super) async fn next(&self) -> Option<u64> {
        self.wake.notified().await;
        match self.height.load(Ordering::Relaxed) {
            0 => None,
            height => Some(height),
        }
    }

    /// Whether the node announces its blocks at present.
    pub(super) fn arrive(&self) -> bool {
        self.arriving.load(Ordering::Relaxed)
    }

    /// Listens to `node` for ever.
    pub(super) async fn listen(&self, node: &Node) {
        let Some(url) = node.announcements() else {
            return;
        };
        loop {
            let ended = self.session(&url).await;
            self.arriving.store(false, Ordering::Relaxed);
            log::announcements_lost(&url, &ended);
            sleep(PAUSE).await;
        }
    }

    /// One connection; returns why it ended.
    pub(super) async fn session(&self, url: &str) -> String {
        let mut socket = match connect_async(url).await {
            Ok((socket, _)) => socket,
            Err(error) => return error.to_string(),
        };
        if let Err(error) = socket.send(Message::text(SUBSCRIBE)).await {
            return error.to_string();
        }
        loop {
            match timeout(SILENCE, socket.next()).await {
                Err(_) => return format!("silent for {} s", SILENCE.as_secs()),
                Ok(None) => return "closed by the node".into(),
                Ok(Some(Err(error))) => return error.to_string(),
                Ok(Some(Ok(Message::Text(text)))) => {
                    if text.contains("\"error\"") {
                        return text.to_string();
                    }
                    self.arriving.store(true, Ordering::Relaxed);
                    let height = height(&text).unwrap_or_default();
                    self.height.store(height, Ordering::Relaxed);
                    self.wake.notify_one();
                }
                Ok(Some(Ok(_))) => {}
            }
        }
    }
}

fn height(announcement: &str) -> Option<u64> {
    let read: Announcement = serde_json::from_str(announcement).ok()?;
    read.result.data.value.header.height.parse().ok()
}
