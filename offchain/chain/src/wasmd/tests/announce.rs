//! Announcements over a websocket, from a server on loopback.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::super::announcements::Announcements;

/// Accepts one listener, hears its subscription and answers with `text`, then hangs up.
async fn announce(listener: TcpListener, text: &'static str) -> String {
    let (stream, _) = listener.accept().await.unwrap();
    let mut socket = accept_async(stream).await.unwrap();
    let subscription = socket.next().await.unwrap().unwrap();
    socket.send(Message::text(text)).await.unwrap();
    socket.close(None).await.unwrap();
    subscription.to_string()
}

async fn session(text: &'static str) -> (Announcements, String, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/websocket", listener.local_addr().unwrap());
    let announcements = Announcements::default();
    let (ended, subscription) = tokio::join!(announcements.session(&url), announce(listener, text));
    (announcements, ended, subscription)
}

#[tokio::test]
async fn an_announcement_wakes_who_waits() {
    let (announcements, _, subscription) = session(r#"{"result":{}}"#).await;
    assert!(subscription.contains("NewBlockHeader"), "{subscription}");
    assert!(announcements.arrive());
    assert_eq!(announcements.next().await, None);
    let header = r#"{"result":{"data":{"value":{"header":{"height":"17","chain_id":"c"}}}}}"#;
    let (announcements, ..) = session(header).await;
    assert_eq!(announcements.next().await, Some(17));
}

#[tokio::test]
async fn a_refused_subscription_ends_the_session() {
    let refusal = r#"{"error":{"message":"max_subscription_clients 100 reached"}}"#;
    let (announcements, ended, _) = session(refusal).await;
    assert_eq!(ended, refusal);
    assert!(!announcements.arrive());
}

#[tokio::test]
async fn no_server_ends_the_session() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/websocket", listener.local_addr().unwrap());
    drop(listener);
    assert!(!Announcements::default().session(&url).await.is_empty());
}
