//! Everything that is measured, in a fixed order: the small sizes come first, so that they are the
//! same transactions on the same state in either scope.

use anyhow::{Context, Result};
use gridweave_chain::ContractKind::Coordinator;
use gridweave_chain::wasmd::{GasPrice, Options, WasmdChain};
use gridweave_chain::{Coin, KeySource, Keyring};
use gridweave_types::coordinator::{BondTerms, ExecuteMsg};

use super::agents::{self, Crowd};
use super::iterates::play;
use super::report::Report;
use super::session::{BOND, Plan, create, fill, finish, pass_deadline};
use super::stage::Stage;
use super::{billing, consensus, crowd, exchange, market, meta, register};
use crate::args::ChainArgs;
use crate::live::site::Site;
use crate::run::progress::Progress;

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Up to 100 agents, 24 intervals.
    Fast,
    /// Up to 1,000 agents, 168 intervals.
    Full,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Every contract.
    All,
    /// `assets` and `market`.
    Market,
    /// `crowdsourcing`.
    Crowd,
}

/// The agents by feeder.
struct Cast {
    pool: Crowd,
    ten: Crowd,
    fifty: Crowd,
    spare: Crowd,
    early: Crowd,
    traders: Crowd,
}

/// Measures on the chain of `args`, with new contracts.
///
/// # Errors
/// The chain cannot be reached, an artifact is missing, or a contract refuses.
pub async fn measure(args: &ChainArgs, scope: Scope, part: Part) -> Result<Report> {
    let site = Site::reach(args).await?;
    let report = on_site(&site, args, scope, part).await;
    site.leave()?;
    report
}

async fn on_site(site: &Site, args: &ChainArgs, scope: Scope, part: Part) -> Result<Report> {
    let (mut stage, cast) = prepare(site, args, scope).await?;
    Progress::step("deploying");
    stage.deploy(&args.artifacts).await?;
    if part == Part::All {
        before_pinning(&mut stage, &cast).await?;
    }
    stage.pin(site).await?;
    match part {
        Part::All => small(&mut stage, &cast).await?,
        Part::Market => market_only(&mut stage, &cast, scope).await?,
        Part::Crowd => {
            register::enrol(&mut stage, &cast.ten, 0, 10).await?;
            crowd::measure(&mut stage, &cast.ten).await?;
        }
    }
    if (scope, part) == (Scope::Full, Part::All) {
        large(&mut stage, &cast).await?;
    }
    Ok(Report {
        meta: meta::gather(args.chain == "local", stage.checksums.clone()),
        rows: stage.rows(),
    })
}

/// Connects with all keys and pays the agents' fees.
async fn prepare(site: &Site, args: &ChainArgs, scope: Scope) -> Result<(Stage, Cast)> {
    Progress::step("preparing the agents");
    let gas_price = args.gas_price.parse::<GasPrice>()?;
    let denom = gas_price.denom().to_owned();
    let mut keyring = Keyring::new();
    let operator = keyring.load(&site.operator.name, &KeySource::File(site.key.clone()))?;
    let most = match scope {
        Scope::Fast => 100,
        Scope::Full => 1_000,
    };
    let cast = Cast {
        pool: agents::crowd(&mut keyring, &site.key, 1, most)?,
        ten: agents::crowd(&mut keyring, &site.key, 2, 10)?,
        fifty: agents::crowd(&mut keyring, &site.key, 3, 50)?,
        spare: agents::crowd(&mut keyring, &site.key, 4, 1)?,
        early: agents::crowd(&mut keyring, &site.key, 5, 10)?,
        traders: agents::crowd(&mut keyring, &site.key, 6, market::ADDRESSES)?,
    };
    let grantees = keyring.signers().map(|signer| signer.address.clone());
    let grantees: Vec<String> = grantees
        .filter(|known| *known != operator.address)
        .collect();
    let options = Options {
        gas_price,
        fee_granter: Some(operator.address.clone()),
        // Many at a time wait long.
        timeout_blocks: 500,
        ..Options::default()
    };
    let chain = WasmdChain::connect(&site.url, keyring, options).await?;
    chain
        .grant_fees(&operator, &grantees)
        .await
        .context("fees cannot be granted")?;
    Ok((Stage::new(chain, operator, denom), cast))
}

/// What the chain charges as long as nobody has voted for the contracts.
async fn before_pinning(stage: &mut Stage, cast: &Cast) -> Result<()> {
    register::enrol(stage, &cast.early, 0, 10).await?;
    sessions(stage, &[consensus::pool(&cast.early, 10, 24)]).await
}

async fn small(stage: &mut Stage, cast: &Cast) -> Result<()> {
    Progress::step("the register");
    register::rest(stage, &cast.spare).await?;
    register::enrol(stage, &cast.ten, 0, 10).await?;
    register::enrol(stage, &cast.fifty, 0, 50).await?;
    register::enrol(stage, &cast.pool, 0, 100).await?;
    let plans = [
        consensus::pool(&cast.pool, 10, 24),
        consensus::pool(&cast.pool, 100, 24),
        consensus::anderson(&cast.pool, 10, 24),
        exchange::combination(&cast.ten, 24),
        exchange::combination(&cast.fifty, 24),
    ];
    sessions(stage, &plans).await?;
    bonds(stage, &consensus::pool(&cast.pool, 10, 24)).await?;
    let place = market::open(stage, &cast.traders, &market::SMALL).await?;
    billing::small(stage, &cast.pool, &cast.fifty).await?;
    place.close(stage, &cast.pool).await?;
    crowd::measure(stage, &cast.ten).await?;
    stage.migrate_all().await
}

/// The large market, or the small one; its feeders have 100 accounts in all.
async fn market_only(stage: &mut Stage, cast: &Cast, scope: Scope) -> Result<()> {
    let size = match scope {
        Scope::Fast => &market::SMALL,
        Scope::Full => &market::LARGE,
    };
    register::enrol(stage, &cast.pool, 0, 100).await?;
    for crowd in [&cast.ten, &cast.fifty, &cast.spare, &cast.early] {
        register::enrol(stage, crowd, 0, 1).await?;
    }
    let place = market::open(stage, &cast.traders, size).await?;
    place.close(stage, &cast.pool).await
}

async fn large(stage: &mut Stage, cast: &Cast) -> Result<()> {
    register::enrol(stage, &cast.pool, 100, 1_000).await?;
    let plans = [
        consensus::pool(&cast.pool, 10, 168),
        consensus::pool(&cast.pool, 100, 168),
        consensus::pool(&cast.pool, 1_000, 24),
        consensus::pool(&cast.pool, 1_000, 168),
        consensus::anderson(&cast.pool, 10, 168),
        consensus::anderson(&cast.pool, 100, 24),
        exchange::admm(&cast.ten, 24),
        exchange::admm(&cast.fifty, 24),
        exchange::combination(&cast.ten, 168),
        exchange::combination(&cast.fifty, 168),
    ];
    sessions(stage, &plans).await?;
    let place = market::open(stage, &cast.traders, &market::LARGE).await?;
    billing::large(stage, &cast.pool).await?;
    place.close(stage, &cast.pool).await
}

/// Plays all sessions, then ends them: so they wait for their deadlines together.
async fn sessions(stage: &mut Stage, plans: &[Plan<'_>]) -> Result<()> {
    let mut played = Vec::new();
    for plan in plans {
        let case = plan.case;
        Progress::step(&format!(
            "session {}, {} agents, {} intervals",
            case.name, case.agents, case.horizon
        ));
        let id = create(stage, plan, None).await?;
        fill(stage, plan, id).await?;
        play(stage, plan, id).await?;
        played.push(id);
    }
    pass_deadline(&stage.chain).await?;
    for (plan, id) in plans.iter().zip(played) {
        finish(stage, plan, id).await?;
    }
    Ok(())
}

/// A session that asks for a bond and is given up.
async fn bonds(stage: &mut Stage, plan: &Plan<'_>) -> Result<()> {
    Progress::step("bonds");
    let agent = plan.crowd.signers[0].clone();
    let operator = stage.operator.clone();
    let coin = Coin::new(BOND, &stage.denom);
    let gift = (agent.address.clone(), coin.clone());
    stage.chain.send_coins(&operator, &[gift]).await?;
    let terms = BondTerms {
        denom: stage.denom.clone(),
        amount: BOND.into(),
        per_miss: 1u128.into(),
        per_rejection: 1u128.into(),
    };
    let bonded = Plan {
        case: plan.case.named("pool with bonds"),
        ..consensus::pool(plan.crowd, plan.case.agents, plan.case.horizon)
    };
    let session = create(stage, &bonded, Some(terms)).await?;
    fill(stage, &bonded, session).await?;
    let post = ExecuteMsg::PostBond { session };
    stage
        .pay(&agent, Coordinator, bonded.case, &post, vec![coin])
        .await?;
    let abort = ExecuteMsg::Abort { session };
    stage
        .act(&operator, Coordinator, bonded.case, &abort)
        .await?;
    let reclaim = ExecuteMsg::ReclaimBond { session };
    stage
        .act(&agent, Coordinator, bonded.case, &reclaim)
        .await?;
    Ok(())
}
