//! Line 3 on the contract: agreements are proposed, or used again while their term lasts.

use cosmwasm_std::{Int64, Uint64};
use gridweave_chain::{Chain, ContractAddr};
use gridweave_types::billing::pack_readings;
use gridweave_types::crowdsourcing::{
    AgreementProposal, AgreementResponse, AgreementState, AgreementsResponse, ExecuteMsg, QueryMsg,
};

use super::chain::{OnContract, PAGE, term};
use super::plan::Ahead;
use crate::AgentError;

/// All agreements of an account.
pub(super) async fn of_account<C: Chain>(
    chain: &C,
    contract: &ContractAddr,
    account: &str,
) -> Result<Vec<AgreementResponse>, AgentError> {
    let mut all: Vec<AgreementResponse> = Vec::new();
    loop {
        let query = QueryMsg::AccountAgreements {
            account: account.into(),
            start_after: all.last().map(|last| Uint64::new(last.agreement)),
            limit: Some(PAGE),
        };
        let page: AgreementsResponse = chain.query(contract, &query).await?;
        if page.agreements.is_empty() {
            return Ok(all);
        }
        all.extend(page.agreements);
    }
}

impl<C: Chain> OnContract<'_, C> {
    /// Whether line 3 is done for an account: an agreement is proposed for this programme, or one in
    /// force is used for it.
    pub(super) async fn is_agreed(&self, row: &Ahead) -> Result<bool, AgentError> {
        let account = self.ahead(row.bus)?;
        let all = of_account(self.chain, &self.contract, &account).await?;
        if all.iter().any(|own| own.programme == self.programme) {
            return Ok(true);
        }
        match self.in_force(&all, row).await? {
            None => Ok(false),
            Some(_) => self.is_used(row).await,
        }
    }

    /// What does line 3 for an account.
    pub(super) async fn agreement(&self, row: &Ahead) -> Result<ExecuteMsg, AgentError> {
        let account = self.ahead(row.bus)?;
        let all = of_account(self.chain, &self.contract, &account).await?;
        let (programme, setpoints) = (self.programme, pack_readings(&row.setpoints));
        if let Some(agreement) = self.in_force(&all, row).await? {
            return Ok(ExecuteMsg::UseAgreement {
                agreement: Uint64::new(agreement),
                programme,
                setpoints,
            });
        }
        let proposal = AgreementProposal {
            account,
            rate: Int64::new(row.rate),
            term: term(row.term),
            export: Uint64::new(most(row, 1)),
            import: Uint64::new(most(row, -1)),
            setpoints,
        };
        Ok(ExecuteMsg::ProposeAgreement {
            programme,
            proposal,
        })
    }

    /// Number of an agreement of an earlier programme that covers this one, setpoints included.
    async fn in_force(
        &self,
        all: &[AgreementResponse],
        row: &Ahead,
    ) -> Result<Option<u64>, AgentError> {
        let terms = self.programme().await?.terms;
        let fits = |own: &&AgreementResponse| {
            let covers = own.first <= terms.first && terms.last() <= own.last;
            let admits = most(row, 1) <= own.export.u64() && most(row, -1) <= own.import.u64();
            own.state == AgreementState::Accepted && covers && admits
        };
        Ok(all.iter().find(fits).map(|own| own.agreement))
    }

    /// Whether the setpoints are promised already; those of 0 need not be.
    async fn is_used(&self, row: &Ahead) -> Result<bool, AgentError> {
        let Some(at) = row.setpoints.iter().position(|energy| *energy != 0) else {
            return Ok(true);
        };
        let account = self.ahead(row.bus)?;
        Ok(self.booking(account, at as u32).await?.agreement.is_some())
    }
}

/// Most energy of an interval in one direction (Wh).
fn most(row: &Ahead, sign: i64) -> u64 {
    let energies = row.setpoints.iter().map(|energy| sign * energy);
    energies.max().unwrap_or_default().max(0).unsigned_abs()
}
