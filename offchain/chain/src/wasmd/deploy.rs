//! Contract code and contracts: storing, instantiating, migrating, and what the chain has of them.

use cosmrs::proto::cosmos::base::query::v1beta1::PageRequest;
use cosmrs::proto::cosmwasm::wasm::v1::{
    ContractInfo as ProtoContractInfo, MsgInstantiateContract, MsgInstantiateContractResponse,
    MsgMigrateContract, MsgMigrateContractResponse, MsgStoreCode, MsgStoreCodeResponse,
    QueryCodeRequest, QueryCodeResponse, QueryContractInfoRequest, QueryContractInfoResponse,
    QueryPinnedCodesRequest, QueryPinnedCodesResponse, QueryRawContractStateRequest,
    QueryRawContractStateResponse,
};
use cosmrs::proto::prost::{Message, Name};
use cosmwasm_std::HexBinary;
use serde::{Deserialize, Serialize};

use super::inclusion::Inclusion;
use super::rpc::RpcError;
use super::{WasmdChain, messages};
use crate::{ChainError, ContractAddr, Receipt, Signer, TxResponse};

const CODE: &str = "/cosmwasm.wasm.v1.Query/Code";
const PINNED: &str = "/cosmwasm.wasm.v1.Query/PinnedCodes";
/// Codes asked for at a time.
const PAGE: u64 = 100;
const CONTRACT_INFO: &str = "/cosmwasm.wasm.v1.Query/ContractInfo";
const RAW_STATE: &str = "/cosmwasm.wasm.v1.Query/RawContractState";
/// Where contracts stamp their state with name and version (cw2).
const VERSION_KEY: &[u8] = b"contract_info";

/// Code that was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCode {
    /// Its number on the chain.
    pub code_id: u64,
    /// SHA-256 of the wasm, lower-case hex.
    pub checksum: String,
    /// What storing it cost.
    pub receipt: Receipt,
}

/// A contract as the chain has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractInfo {
    /// Number of its code.
    pub code_id: u64,
    /// Who may migrate it, if anybody.
    pub admin: Option<String>,
    /// Its label.
    pub label: String,
}

/// What a contract's state says about the code that wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StateVersion {
    /// Name of the contract.
    pub contract: String,
    /// Its semantic version.
    pub version: String,
}

impl WasmdChain {
    /// Stores contract code, `wasm` or the same compressed with gzip.
    ///
    /// # Errors
    /// [`ChainError::Refused`] when the chain does not take such code.
    pub async fn store_code(&self, signer: &Signer, wasm: &[u8]) -> Result<StoredCode, ChainError> {
        let message = MsgStoreCode {
            sender: signer.address.clone(),
            wasm_byte_code: wasm.to_vec(),
            instantiate_permission: None,
        };
        let (answer, included): (MsgStoreCodeResponse, _) =
            self.submit_one(signer, message).await?;
        Ok(StoredCode {
            code_id: answer.code_id,
            checksum: HexBinary::from(answer.checksum).to_hex(),
            receipt: included.receipt,
        })
    }

    /// Makes a contract of the code `code_id` with the JSON form of `msg`. Only `admin` may migrate
    /// it, and nobody without one.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the contract's message.
    pub async fn instantiate(
        &self,
        signer: &Signer,
        code_id: u64,
        label: &str,
        admin: Option<&str>,
        msg: &(impl Serialize + Sync),
    ) -> Result<ContractAddr, ChainError> {
        let message = MsgInstantiateContract {
            sender: signer.address.clone(),
            admin: admin.unwrap_or_default().into(),
            code_id,
            label: label.into(),
            msg: encode(label, msg)?,
            funds: Vec::new(),
        };
        let (answer, _): (MsgInstantiateContractResponse, _) =
            self.submit_one(signer, message).await?;
        Ok(ContractAddr::new(answer.address))
    }

    /// Gives `contract` the code `code_id`, with the JSON form of `msg`.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the contract's message, or when `signer` is not its admin.
    pub async fn migrate(
        &self,
        signer: &Signer,
        contract: &ContractAddr,
        code_id: u64,
        msg: &(impl Serialize + Sync),
    ) -> Result<TxResponse, ChainError> {
        let message = MsgMigrateContract {
            sender: signer.address.clone(),
            contract: contract.as_str().into(),
            code_id,
            msg: encode(contract.as_str(), msg)?,
        };
        let (answer, included): (MsgMigrateContractResponse, _) =
            self.submit_one(signer, message).await?;
        Ok(TxResponse {
            height: included.height,
            events: included.events(),
            data: vec![Some(answer.data).filter(|data| !data.is_empty())],
            receipt: Some(included.receipt),
        })
    }

    /// Checksum of the code `code_id`: SHA-256 of its wasm, lower-case hex.
    ///
    /// # Errors
    /// [`ChainError::Node`] when there is no such code.
    pub async fn code_info(&self, code_id: u64) -> Result<String, ChainError> {
        let request = QueryCodeRequest { code_id };
        let answer: QueryCodeResponse = self.node().demand(CODE, &request).await?;
        let info = answer.code_info.ok_or_else(|| self.incomplete(CODE))?;
        Ok(HexBinary::from(info.data_hash).to_hex())
    }

    /// Which of `codes` the nodes do not keep in memory: calling those costs more.
    ///
    /// # Errors
    /// [`ChainError::Node`] when the node does not say.
    pub async fn unpinned(&self, codes: &[u64]) -> Result<Vec<u64>, ChainError> {
        let mut left = codes.to_vec();
        let mut key = Vec::new();
        loop {
            let request = QueryPinnedCodesRequest {
                pagination: Some(PageRequest {
                    key,
                    limit: PAGE,
                    ..PageRequest::default()
                }),
            };
            let answer: QueryPinnedCodesResponse = self.node().demand(PINNED, &request).await?;
            left.retain(|code| !answer.code_ids.contains(code));
            key = answer
                .pagination
                .map(|page| page.next_key)
                .unwrap_or_default();
            if left.is_empty() || key.is_empty() {
                return Ok(left);
            }
        }
    }

    /// What the chain has of `contract`.
    ///
    /// # Errors
    /// [`ChainError::Node`] when there is no such contract.
    pub async fn contract_info(&self, contract: &ContractAddr) -> Result<ContractInfo, ChainError> {
        let request = QueryContractInfoRequest {
            address: contract.as_str().into(),
        };
        let answer: QueryContractInfoResponse = self.node().demand(CONTRACT_INFO, &request).await?;
        let info = answer.contract_info;
        let info: ProtoContractInfo = info.ok_or_else(|| self.incomplete(CONTRACT_INFO))?;
        Ok(ContractInfo {
            code_id: info.code_id,
            admin: Some(info.admin).filter(|admin| !admin.is_empty()),
            label: info.label,
        })
    }

    /// The version that the state of `contract` is of; `None` when it has no such stamp.
    ///
    /// # Errors
    /// [`ChainError::Node`] when there is no such contract, or the stamp cannot be read.
    pub async fn state_version(
        &self,
        contract: &ContractAddr,
    ) -> Result<Option<StateVersion>, ChainError> {
        let request = QueryRawContractStateRequest {
            address: contract.as_str().into(),
            query_data: VERSION_KEY.to_vec(),
        };
        let answer: QueryRawContractStateResponse = self.node().demand(RAW_STATE, &request).await?;
        if answer.data.is_empty() {
            return Ok(None);
        }
        let stamp = serde_json::from_slice(&answer.data);
        stamp.map(Some).map_err(|error| {
            let reason = RpcError::Unreadable(error.to_string());
            self.node().fault(&format!("answer {RAW_STATE}"), reason)
        })
    }

    /// Submits one message whose answer is an `A`.
    async fn submit_one<A: Message + Name + Default>(
        &self,
        signer: &Signer,
        message: impl Name,
    ) -> Result<(A, Inclusion), ChainError> {
        let included = self.submit(signer, messages::pack([message])?, 0).await?;
        let answer = self.answers(&included)?.into_iter().next();
        let hash = &included.receipt.hash;
        let answer = answer.ok_or_else(|| self.incomplete(&format!("with data for {hash}")))?;
        Ok((answer, included))
    }

    fn incomplete(&self, path: &str) -> ChainError {
        let reason = RpcError::Unreadable("the answer is empty".into());
        self.node().fault(&format!("answer {path}"), reason)
    }
}

fn encode(what: &str, msg: &impl Serialize) -> Result<Vec<u8>, ChainError> {
    serde_json::to_vec(msg).map_err(|error| ChainError::Encode {
        contract: ContractAddr::new(what),
        reason: error.to_string(),
    })
}
