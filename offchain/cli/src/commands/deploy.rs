//! `gridweave deploy`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_agents::crowdsourcing::terms::contract;
use gridweave_agents::market::terms::MarketChoice;
use gridweave_agents::terms::BillingChoice;
use gridweave_chain::ContractKind;
use gridweave_types::crowdsourcing;
use serde::Serialize;

use super::{print, print_json};
use crate::args::DeployArgs;
use crate::deploy::Action;
use crate::deployment::Deployment;
use crate::live::site::{Site, Suite};
use crate::market::input::{Changes, Input};
use crate::run::problem::Problem;

#[derive(Serialize)]
struct Report<'a> {
    file: String,
    #[serde(flatten)]
    deployment: &'a Deployment,
    actions: &'a BTreeMap<ContractKind, Action>,
}

/// Deploys the contracts, or upgrades them.
pub fn run(args: &DeployArgs, as_json: bool) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the task runtime does not start")?;
    runtime.block_on(deploy(args, as_json))
}

/// Terms of bills and market, and of crowdsourcing if there is to be any.
struct Choice {
    bills: BillingChoice,
    market: MarketChoice,
    crowdsourcing: Option<crowdsourcing::InstantiateMsg>,
}

impl Choice {
    /// The terms in `scenario`; the usual ones of a market where it has none.
    fn of(scenario: &str) -> Result<Self> {
        if let Some(input) = Input::find(scenario)? {
            let problem = input.problem(scenario, Changes::default())?;
            return Ok(Self {
                bills: problem.bills(),
                market: problem.choice,
                crowdsourcing: None,
            });
        }
        let problem = Problem::load(scenario, None)?;
        let crowd = problem.crowd()?;
        Ok(Self {
            bills: problem.bills(),
            market: MarketChoice::default(),
            crowdsourcing: crowd.map(|crowd| contract(&problem.instance, &crowd)),
        })
    }

    fn usual() -> Self {
        Self {
            bills: BillingChoice::hourly(),
            market: MarketChoice::default(),
            crowdsourcing: None,
        }
    }
}

async fn deploy(args: &DeployArgs, as_json: bool) -> Result<()> {
    let choice = match &args.scenario {
        Some(scenario) => Choice::of(scenario)?,
        None => Choice::usual(),
    };
    let site = Site::reach(&args.chain).await?;
    let suite = Suite {
        bills: &choice.bills,
        treasury: args.treasury.as_deref(),
        market: Some(&choice.market),
        crowdsourcing: choice.crowdsourcing,
    };
    let (deployment, actions) = site
        .deploy_suite(&args.chain.artifacts, suite, args.upgrade)
        .await?;
    let report = Report {
        file: site.deployment.display().to_string(),
        deployment: &deployment,
        actions: &actions,
    };
    if as_json {
        return print_json(&report);
    }
    let mut text = format!(
        "chain {}, operator {}\n",
        deployment.chain_id, deployment.operator
    );
    for (kind, contract) in &deployment.contracts {
        let action = match actions.get(kind) {
            Some(Action::Deployed) => "deployed",
            Some(Action::Upgraded) => "upgraded",
            Some(Action::Outdated) => "has other code; --upgrade migrates it",
            Some(Action::Unchanged) | None => "unchanged",
        };
        text += &format!(
            "{:<13} {}  code {:>3}  {action}\n",
            kind.name(),
            contract.address,
            contract.code_id
        );
    }
    print(&(text + &format!("written to {}\n", report.file)))
}
