//! Solvers and keepers of a run: keys, coins, configurations.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use gridweave_chain::Coin;

use super::setting::Setting;
use crate::actor::config::{
    KeeperBilling, KeeperConfig, MarketSection, SolverConfig, SolverSection,
};
use crate::args::SolverArg;
use crate::commands::actor::Actor;
use crate::live::folder::{Folder, Role, chain_section, own_key};
use crate::live::site::Site;
use crate::market::fleet::{bonds, name};
use crate::market::problem::Problem;

/// Name of the keeper of the market.
const KEEPER: &str = "keeper";
/// Name of the keeper of the bills.
const SETTLER: &str = "settler";
/// Name of the key that carries the meters' messages.
pub const METERS: &str = "meters";

/// What the configurations are made from.
pub struct Cast<'a> {
    /// Folder of keys, configurations and logs.
    pub folder: &'a Path,
    /// The chain.
    pub site: &'a Site,
    /// Price of a unit of gas.
    pub gas_price: &'a str,
}

/// Everybody who is a process.
pub struct Company {
    /// The roles.
    pub roles: Vec<Role>,
    records: Vec<PathBuf>,
}

impl Cast<'_> {
    /// Makes keys, grants fees, and gives solvers the coins of their bonds.
    ///
    /// # Errors
    /// The folder cannot be written, or the chain refuses.
    pub async fn equip(
        &self,
        problem: &Problem,
        setting: &Setting,
        kinds: &[SolverArg],
    ) -> Result<()> {
        let folder = Folder(self.folder);
        folder.create()?;
        let bond = problem.choice.terms().bond.amount.u128();
        let mut grantees = Vec::new();
        for name in [KEEPER, SETTLER, METERS] {
            grantees.push(folder.address(name)?);
        }
        let mut gifts = Vec::new();
        for (index, kind) in solvers(kinds) {
            let address = folder.address(&name(kind, index))?;
            let coin = Coin::new(bond * bonds(kind), &setting.terms.denom);
            gifts.push((address.clone(), coin));
            grantees.push(address);
        }
        let (chain, operator) = (&self.site.chain, &self.site.operator);
        chain
            .grant_fees(operator, &grantees)
            .await
            .context("fees cannot be granted")?;
        if !gifts.is_empty() {
            let sent = chain.send_coins(operator, &gifts).await;
            sent.context("the solvers cannot be given their bonds")?;
        }
        Ok(())
    }

    /// Writes the configurations of solvers and keepers; everybody ends when interval `until` is final,
    /// and who settles bills, if they are wanted, when its statement is.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write(
        &self,
        kinds: &[SolverArg],
        until: u32,
        bills: Option<KeeperBilling>,
    ) -> Result<Company> {
        let folder = Folder(self.folder);
        let chain = chain_section(self.site, self.gas_price, false)?;
        let market = MarketSection { until: Some(until) };
        let keeper = |name, market, bills| {
            let keeper = KeeperConfig {
                chain: chain.clone(),
                key: own_key(name),
                session: None,
                bills,
                market,
                crowd: None,
            };
            folder.role(name, Actor::Keeper, &keeper)
        };
        let mut company = Company {
            roles: vec![keeper(KEEPER, Some(market), None)?],
            records: Vec::new(),
        };
        if bills.is_some() {
            company.roles.push(keeper(SETTLER, None, bills)?);
        }
        for (index, strategy) in solvers(kinds) {
            let name = name(strategy, index);
            let record = PathBuf::from(format!("{name}.csv"));
            let file = self.folder.join(&record);
            // Of an earlier run.
            fs::write(&file, "").with_context(|| file.display().to_string())?;
            company.records.push(file);
            let solver = SolverConfig {
                chain: chain.clone(),
                key: own_key(&name),
                solver: SolverSection {
                    strategy,
                    seed: index as u64,
                    record: Some(record),
                    ..SolverSection::default()
                },
                market,
            };
            let role = folder.role(&name, Actor::Solver, &solver)?;
            company.roles.push(role);
        }
        Ok(company)
    }
}

impl Company {
    /// How long solvers took, solve by solve.
    ///
    /// # Errors
    /// A record cannot be read.
    pub fn solves(&self) -> Result<Vec<Duration>> {
        let mut solves = Vec::new();
        for file in &self.records {
            let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
            // A process that was killed may have left half a line.
            let times = text.lines().filter_map(|line| line.parse().ok());
            solves.extend(times.map(|ms: f64| Duration::from_secs_f64(ms.max(0.0) / 1e3)));
        }
        Ok(solves)
    }
}

fn solvers(kinds: &[SolverArg]) -> impl Iterator<Item = (usize, SolverArg)> + '_ {
    let kinds = kinds.iter().copied().enumerate();
    kinds.filter(|(_, kind)| *kind != SolverArg::None)
}
