//! `gridweave deploy`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use gridweave_agents::market::terms::MarketChoice;
use gridweave_agents::terms::BillingChoice;
use gridweave_chain::ContractKind;
use serde::Serialize;

use super::{print, print_json};
use crate::args::DeployArgs;
use crate::deploy::Action;
use crate::deployment::Deployment;
use crate::live::site::Site;
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

/// Terms of the bills and of the market in `scenario`; the usual ones of a market where it has none.
fn terms(scenario: &str) -> Result<(BillingChoice, MarketChoice)> {
    Ok(match Input::find(scenario)? {
        Some(input) => {
            let problem = input.problem(scenario, Changes::default())?;
            (problem.bills(), problem.choice)
        }
        None => (
            Problem::load(scenario, None)?.bills(),
            MarketChoice::default(),
        ),
    })
}

async fn deploy(args: &DeployArgs, as_json: bool) -> Result<()> {
    let (bills, market) = match &args.scenario {
        Some(scenario) => terms(scenario)?,
        None => (BillingChoice::hourly(), MarketChoice::default()),
    };
    let site = Site::reach(&args.chain).await?;
    let bills = (&bills, args.treasury.as_deref());
    let (deployment, actions) = site
        .deploy_market(&args.chain.artifacts, bills, &market, args.upgrade)
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
