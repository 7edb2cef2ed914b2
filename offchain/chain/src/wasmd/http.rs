//! A node's RPC port over HTTP.

use std::time::Duration;

use cosmrs::tendermint::Hash;
use cosmrs::tendermint::abci::response::Info;
use cosmrs::tendermint::block::Height;
use tendermint_rpc::client::CompatMode;
use tendermint_rpc::endpoint::abci_query::AbciQuery;
use tendermint_rpc::endpoint::broadcast::tx_sync;
use tendermint_rpc::endpoint::{block, block_results, status, tx};
use tendermint_rpc::{Client, HttpClient, HttpClientUrl};

use super::options::bad;
use super::rpc::{Answer, Rpc, RpcError};
use crate::ChainError;

/// How long the node may take over one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// What the URL must look like.
const URL_FORM: &str = "the node's RPC address, such as http://127.0.0.1:26657";

/// The port at one URL.
pub(super) struct Http {
    client: HttpClient,
    url: String,
}

impl Http {
    /// The port at `url`; nothing is sent yet.
    pub(super) fn new(url: &str) -> Result<Self, ChainError> {
        let no_url = || bad("node URL", url, URL_FORM);
        if !url.starts_with("http://") {
            return Err(no_url());
        }
        let parsed: HttpClientUrl = url.parse().map_err(|_| no_url())?;
        // The client cannot tell the dialect of newer nodes from their version; it is this one.
        let client = HttpClient::builder(parsed)
            .compat_mode(CompatMode::V0_38)
            .timeout(ANSWER_WITHIN)
            .build()
            .map_err(|_| no_url())?;
        Ok(Self {
            client,
            url: url.trim_end_matches('/').into(),
        })
    }
}

/// Sends one call and sorts its errors.
macro_rules! call {
    ($call:expr) => {
        Box::pin(async move { $call.await.map_err(RpcError::from) })
    };
}

impl Rpc for Http {
    fn url(&self) -> &str {
        &self.url
    }

    fn announcements(&self) -> Option<String> {
        let address = self.url.strip_prefix("http://")?;
        Some(format!("ws://{address}/websocket"))
    }

    fn status(&self) -> Answer<'_, status::Response> {
        call!(self.client.status())
    }

    fn abci_info(&self) -> Answer<'_, Info> {
        call!(self.client.abci_info())
    }

    fn abci_query(
        &self,
        path: &'static str,
        data: Vec<u8>,
        height: Option<u64>,
    ) -> Answer<'_, AbciQuery> {
        Box::pin(async move {
            let height = height.map(at).transpose()?;
            let path = Some(path.into());
            Ok(self.client.abci_query(path, data, height, false).await?)
        })
    }

    fn broadcast(&self, bytes: Vec<u8>) -> Answer<'_, tx_sync::Response> {
        call!(self.client.broadcast_tx_sync(bytes))
    }

    fn tx(&self, hash: Hash) -> Answer<'_, tx::Response> {
        call!(self.client.tx(hash, false))
    }

    fn block(&self, height: u64) -> Answer<'_, block::Response> {
        Box::pin(async move { Ok(self.client.block(at(height)?).await?) })
    }

    fn block_results(&self, height: u64) -> Answer<'_, block_results::Response> {
        Box::pin(async move { Ok(self.client.block_results(at(height)?).await?) })
    }
}

fn at(height: u64) -> Result<Height, RpcError> {
    Height::try_from(height).map_err(|error| RpcError::Refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_addresses_are_taken() {
        let good = Http::new("http://127.0.0.1:26657/").unwrap();
        let announcements = good.announcements().unwrap();
        assert_eq!(announcements, "ws://127.0.0.1:26657/websocket");
        for url in [
            "",
            "127.0.0.1:26657",
            "ftp://x",
            "https://x",
            "http://",
            "http://a b",
        ] {
            let message = Http::new(url).err().unwrap().to_string();
            assert!(message.contains(&format!("'{url}'")), "{message}");
            assert!(message.contains("http://127.0.0.1:26657"), "{message}");
        }
    }
}
