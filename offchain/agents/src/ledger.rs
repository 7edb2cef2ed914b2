//! Reads the `billing` contract: its clock, accounts, books and lines.

use gridweave_chain::{Chain, ChainError, ContractAddr};
use gridweave_rules::settlement::Timeline;
use gridweave_types::billing::{
    AccountResponse, BooksResponse, ConfigResponse, IntervalResponse, LineResponse, LinesResponse,
    PeriodResponse, QueryMsg, StatementResponse, StatementsResponse,
};
use gridweave_types::page::MAX_LIMIT;
use gridweave_units::Interval;

use crate::AgentError;

/// First interval of the first period that begins at `earliest` (unix seconds) or later.
pub fn day_after(terms: &ConfigResponse, earliest: u64) -> u32 {
    let timeline = terms.timeline();
    let present = timeline.clock.interval_at(earliest).unwrap_or_default().0;
    let length = terms.period_intervals.max(1);
    let first = present / length * length;
    match timeline.begin(Interval(first)) >= earliest {
        true => first,
        false => first.saturating_add(length),
    }
}

/// The terms that were fixed when the contract was made.
///
/// # Errors
/// [`AgentError::Chain`], as for all queries below.
pub async fn terms<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
) -> Result<ConfigResponse, AgentError> {
    Ok(chain.query(billing, &QueryMsg::Config {}).await?)
}

/// The contract's clock and windows.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn timeline<C: Chain>(chain: &C, billing: &ContractAddr) -> Result<Timeline, AgentError> {
    Ok(terms(chain, billing).await?.timeline())
}

/// Totals of all books.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn books<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
) -> Result<BooksResponse, AgentError> {
    Ok(chain.query(billing, &QueryMsg::Books {}).await?)
}

/// An account; `None` when the contract has never seen it.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn account_of<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    account: &str,
) -> Result<Option<AccountResponse>, AgentError> {
    let query = QueryMsg::Account {
        account: account.into(),
    };
    match chain.query(billing, &query).await {
        Ok(found) => Ok(Some(found)),
        Err(ChainError::Query { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Totals of an interval.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn interval<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    interval: u32,
) -> Result<IntervalResponse, AgentError> {
    let query = QueryMsg::Interval { interval };
    Ok(chain.query(billing, &query).await?)
}

/// A period.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn period<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    period: u32,
) -> Result<PeriodResponse, AgentError> {
    Ok(chain.query(billing, &QueryMsg::Period { period }).await?)
}

/// All lines of an interval.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn lines<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    interval: u32,
) -> Result<Vec<LineResponse>, AgentError> {
    let mut all: Vec<LineResponse> = Vec::new();
    loop {
        let query = QueryMsg::Lines {
            interval,
            start_after: all.last().map(|line| line.account.to_string()),
            limit: Some(MAX_LIMIT),
        };
        let page: LinesResponse = chain.query(billing, &query).await?;
        if page.lines.is_empty() {
            return Ok(all);
        }
        all.extend(page.lines);
    }
}

/// All statements of a period.
///
/// # Errors
/// [`AgentError::Chain`].
pub async fn statements<C: Chain>(
    chain: &C,
    billing: &ContractAddr,
    period: u32,
) -> Result<Vec<StatementResponse>, AgentError> {
    let mut all: Vec<StatementResponse> = Vec::new();
    loop {
        let query = QueryMsg::Statements {
            period,
            start_after: all.last().map(|row| row.account.to_string()),
            limit: Some(MAX_LIMIT),
        };
        let page: StatementsResponse = chain.query(billing, &query).await?;
        if page.statements.is_empty() {
            return Ok(all);
        }
        all.extend(page.statements);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terms::BillingChoice;
    use cosmwasm_std::Addr;

    fn terms() -> ConfigResponse {
        let terms = BillingChoice::hourly().terms("treasury", 1_000);
        ConfigResponse {
            grid: Addr::unchecked("grid"),
            treasury: Addr::unchecked("treasury"),
            denom: terms.denom,
            genesis: terms.genesis,
            interval_seconds: 10,
            period_intervals: 24,
            reference_price: terms.reference_price,
            collateral: terms.collateral,
            float: terms.float,
            windows: terms.windows,
            limits: terms.limits,
        }
    }

    #[test]
    fn days_begin_with_a_period() {
        let terms = terms();
        for (earliest, first) in [(0, 0), (1_000, 0), (1_001, 24), (1_240, 24), (1_241, 48)] {
            assert_eq!(day_after(&terms, earliest), first, "{earliest}");
        }
    }
}
