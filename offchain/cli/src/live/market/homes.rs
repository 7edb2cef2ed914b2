//! The operator's counter and the homes of a run: keys, accounts, configurations.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use gridweave_dso::api::Rates;
use gridweave_dso::{BatchOrder, Policy};

use super::cast::Cast;
use super::setting::Setting;
use super::windows::Windows;
use crate::actor::config::{
    CounterSection, DaySection, DsoConfig, HomeSection, KeySection, MarketSection, OperatorSection,
    ParticipantSection, TradeSection, TraderConfig,
};
use crate::commands::actor::Actor;
use crate::live::folder::{Folder, Role, chain_section, own_key};
use crate::live::site::canonical;
use crate::market::neighbours::Neighbour;
use crate::market::plans::{Needs, home_name};
use crate::market::problem::Problem;

/// Name of the counter's process.
const COUNTER: &str = "dso";
/// The operator's ledger.
const LEDGER: &str = "ledger.sqlite";
/// Name of the one process of all homes of a recorded book.
const HOMES: &str = "homes";
/// Requests per minute: homes look often, and a second of an hour is much.
const RATES: Rates = Rates {
    total: 1_000_000,
    account: 60_000,
};

/// What the homes are asked to trade.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// The market as named on the command line.
    pub name: &'a str,
    /// Whether producers are given batteries.
    pub battery: bool,
    /// Another prediction window.
    pub window: Option<u32>,
}

impl Cast<'_> {
    /// Keys of the homes' accounts and meters.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn neighbours(&self, problem: &Problem) -> Result<Vec<Neighbour>> {
        let folder = Folder(self.folder);
        let homes = (0..problem.homes.feeders.len()).map(|home| {
            Ok(Neighbour {
                account: folder.address(&home_name(home))?,
                meter: folder.key(&format!("meter-{}", home_name(home)))?,
            })
        });
        homes.collect()
    }

    /// The counter and the homes, whose first interval is `base` on the chain.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn write_homes(
        &self,
        (problem, part): (&Problem, &Part<'_>),
        setting: &Setting,
        (homes, base): (&[Neighbour], u32),
    ) -> Result<Vec<Role>> {
        let windows = Windows::of(&setting.calendar());
        let listen = free_address()?;
        let counter = self.counter(problem, &windows, homes, (listen, base))?;
        let folder = Folder(self.folder);
        let mut roles = vec![folder.role(COUNTER, Actor::Dso, &counter)?];
        let mut sections = Vec::with_capacity(homes.len());
        let busy = (0..homes.len()).filter(|home| problem.offers.iter().any(|o| o.home == *home));
        for home in busy {
            let secret = secret_name(home);
            folder.key(&secret)?;
            sections.push(HomeSection {
                index: home,
                key: own_key(&home_name(home)),
                secret: own_key(&secret),
                payments: Vec::new(),
            });
        }
        // A book may have thousands of offers, each a home of its own.
        let crowds: Vec<(String, Vec<HomeSection>)> = match problem.rolling {
            true => sections
                .into_iter()
                .map(|home| (home_name(home.index), vec![home]))
                .collect(),
            false => vec![(HOMES.into(), sections)],
        };
        for (name, homes) in crowds.into_iter().filter(|(_, homes)| !homes.is_empty()) {
            let trader = TraderConfig {
                chain: chain_section(self.site, self.gas_price, false)?,
                dso: OperatorSection {
                    url: format!("http://{listen}"),
                },
                scenario: DaySection {
                    name: absolute(part.name)?,
                    window: part.window,
                    battery: part.battery,
                },
                trade: TradeSection {
                    first_interval: base,
                    post_window_seconds: windows.post,
                    deposit_window_seconds: windows.hand_back,
                    once: true,
                    ..TradeSection::default()
                },
                homes,
            };
            roles.push(folder.role(&name, Actor::Trader, &trader)?);
        }
        Ok(roles)
    }

    fn counter(
        &self,
        problem: &Problem,
        windows: &Windows,
        homes: &[Neighbour],
        (listen, base): (SocketAddr, u32),
    ) -> Result<DsoConfig> {
        let ledger = PathBuf::from(LEDGER);
        remove(&self.folder.join(&ledger))?;
        let needs = Needs::of_all(problem).into_iter();
        let participants = needs.zip(homes).zip(&problem.homes.feeders).enumerate();
        let participants = participants.map(|(at, ((needs, home), feeder))| ParticipantSection {
            account: home.account.clone(),
            name: home_name(at),
            feeder: *feeder,
            sell_limit_wh: needs.sell,
            buy_limit_wh: needs.buy,
            advance: u64::try_from(needs.money).unwrap_or(u64::MAX),
        });
        Ok(DsoConfig {
            chain: chain_section(self.site, self.gas_price, true)?,
            key: KeySection {
                file: Some(canonical(&self.site.key)?),
                env: None,
            },
            dso: CounterSection {
                listen,
                public: false,
                ledger,
                batch_seconds: 1,
            },
            policy: Policy {
                call_in_seconds: windows.call_in,
                credit_seconds: windows.call_in / 2,
                open_withdrawals: u32::MAX,
                order: match problem.shuffled || !problem.rolling {
                    true => BatchOrder::Random,
                    false => BatchOrder::Asked,
                },
                ..Policy::default()
            },
            rates: RATES,
            market: MarketSection {
                until: Some(base + problem.horizon - 1),
            },
            participants: participants.collect(),
        })
    }
}

/// Name of the key that the anonymous keys of a home follow from.
pub fn secret_name(home: usize) -> String {
    format!("secret-{}", home_name(home))
}

/// An address of this machine that nobody listens at.
fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    Ok(listener.local_addr()?)
}

/// The market's file from wherever it is read, or its name.
fn absolute(name: &str) -> Result<String> {
    let file = Path::new(name);
    if !file.is_file() {
        return Ok(name.into());
    }
    let path = canonical(file)?;
    let path = path.to_str().context("the market's path is not UTF-8")?;
    Ok(path.to_owned())
}

/// Removes the ledger of an earlier run, which was of other addresses.
fn remove(ledger: &Path) -> Result<()> {
    for end in ["", "-wal", "-shm"] {
        let mut name = ledger.as_os_str().to_owned();
        name.push(end);
        let file = PathBuf::from(name);
        if file.exists() {
            fs::remove_file(&file)
                .with_context(|| format!("{} cannot be removed", file.display()))?;
        }
    }
    Ok(())
}
