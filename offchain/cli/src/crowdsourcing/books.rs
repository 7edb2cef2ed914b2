//! What the contract has in its books when days are over.

use anyhow::{Result, ensure};
use gridweave_agents::crowdsourcing::DayPlan;
use gridweave_chain::{Call, Chain, ContractAddr};
use gridweave_types::crowdsourcing::{
    BudgetResponse, BudgetsResponse, ConfigResponse, ExecuteMsg, Ledger, LedgerResponse, MAX_PAGE,
    QueryMsg, StatementResponse, StatementsResponse, TaskResponse,
};

use super::date::Date;
use super::day::{Day, Prediction};
use super::stage::{Stage, number};

/// Rows read at once.
const PAGE: u32 = 100;
/// Pages of a reconciliation after which something is wrong.
const MOST_PAGES: usize = 10_000;

/// A day that is over.
pub struct DayBooks {
    /// Which.
    pub date: Date,
    /// Its plan.
    pub plan: DayPlan,
    /// First offers and what became of them.
    pub predictions: Vec<Prediction>,
    /// Largest relative distance of a linearised C(2) from its offers.
    pub relaxation_gap: f64,
    /// All tasks.
    pub tasks: Vec<TaskResponse>,
    /// Budgets by feeder and interval.
    pub budgets: Vec<Vec<BudgetResponse>>,
    /// The programme's account.
    pub account: Account,
}

/// A budget account of the operator, reconciled, and its statements.
pub struct Account {
    /// The account.
    pub ledger: LedgerResponse,
    /// Statements.
    pub statements: Vec<StatementResponse>,
}

impl DayBooks {
    /// Reads the books of `day`, whose programme is closed.
    pub async fn read(stage: &Stage, day: Day<'_>) -> Result<Self> {
        let programme = day.date.programme;
        let mut budgets = Vec::with_capacity(day.plan.shortage.len());
        for feeder in 0..day.plan.shortage.len() {
            let key = (programme, number(feeder));
            budgets.push(budgets_of(&stage.chain, &stage.crowd, key).await?);
        }
        Ok(Self {
            tasks: day.platform.tasks().await?,
            account: Account::read(&stage.chain, &stage.crowd, Ledger::Programme { programme })
                .await?,
            budgets,
            relaxation_gap: day.relaxation_gap(),
            date: day.date,
            predictions: day.predictions,
            plan: day.plan,
        })
    }
}

impl Account {
    /// Reads the account `ledger`.
    pub async fn read<C: Chain>(chain: &C, crowd: &ContractAddr, ledger: Ledger) -> Result<Self> {
        let mut statements: Vec<StatementResponse> = Vec::new();
        loop {
            let query = QueryMsg::Statements {
                ledger,
                start_after: statements.last().map(|last| last.account.to_string()),
                limit: Some(PAGE),
            };
            let page: StatementsResponse = chain.query(crowd, &query).await?;
            if page.statements.is_empty() {
                break;
            }
            statements.extend(page.statements);
        }
        Ok(Self {
            ledger: account(chain, crowd, ledger).await?,
            statements,
        })
    }

    /// Reconciles the weeks and the months that intervals `first` to `last` belong to, as soon as they
    /// are over; time passes until then.
    pub async fn reconcile_all(stage: &Stage, first: u32, last: u32) -> Result<Vec<Self>> {
        let query = QueryMsg::Config {};
        let config: ConfigResponse = stage.chain.query(&stage.crowd, &query).await?;
        let ends = [first, last].map(|interval| config.ledgers(0, interval));
        let mut all = Vec::new();
        for ledger in periods(ends) {
            all.push(Self::reconcile(stage, ledger).await?);
        }
        Ok(all)
    }

    async fn reconcile(stage: &Stage, ledger: Ledger) -> Result<Self> {
        let due = account(&stage.chain, &stage.crowd, ledger).await?.due.u64();
        if stage.chain.time().await? < due {
            stage.until(due).await?;
        }
        let limit = Some(MAX_PAGE);
        let page = Call::new(&stage.crowd, &ExecuteMsg::Reconcile { ledger, limit })?;
        for _ in 0..MOST_PAGES {
            if account(&stage.chain, &stage.crowd, ledger).await?.complete {
                return Self::read(&stage.chain, &stage.crowd, ledger).await;
            }
            let pages = vec![page.clone()];
            stage.chain.execute_many(&stage.keeper, pages).await?;
        }
        ensure!(
            false,
            "{ledger:?} is not reconciled after {MOST_PAGES} pages"
        );
        Self::read(&stage.chain, &stage.crowd, ledger).await
    }
}

/// Weeks, then months, from those of one interval to those of another.
fn periods([from, to]: [[Ledger; 3]; 2]) -> Vec<Ledger> {
    let pairs = from.into_iter().zip(to);
    let all = pairs.flat_map(|pair| -> Vec<Ledger> {
        match pair {
            (Ledger::Week { week: first }, Ledger::Week { week: last }) => {
                (first..=last).map(|week| Ledger::Week { week }).collect()
            }
            (Ledger::Month { month: first }, Ledger::Month { month: last }) => (first..=last)
                .map(|month| Ledger::Month { month })
                .collect(),
            _ => Vec::new(),
        }
    });
    all.collect()
}

async fn account<C: Chain>(
    chain: &C,
    crowd: &ContractAddr,
    ledger: Ledger,
) -> Result<LedgerResponse> {
    let query = QueryMsg::Ledger { ledger };
    Ok(chain.query(crowd, &query).await?)
}

/// Budgets of a feeder in a programme, by interval.
pub async fn budgets_of<C: Chain>(
    chain: &C,
    crowd: &ContractAddr,
    (programme, feeder): (u32, u32),
) -> Result<Vec<BudgetResponse>> {
    let mut all: Vec<BudgetResponse> = Vec::new();
    loop {
        let query = QueryMsg::Budgets {
            programme,
            feeder,
            start_after: all.last().map(|last| last.interval),
            limit: Some(PAGE),
        };
        let page: BudgetsResponse = chain.query(crowd, &query).await?;
        if page.budgets.is_empty() {
            return Ok(all);
        }
        all.extend(page.budgets);
    }
}
