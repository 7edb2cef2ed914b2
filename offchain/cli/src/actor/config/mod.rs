//! Configuration files of actors: TOML, with environment variables on top.
//!
//! `GRIDWEAVE_CHAIN__URL` overrides `url` in `[chain]`, and so on for every field of a section.

mod billing;
mod counter;
mod crowd;
mod market;
mod sections;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use billing::{
    AgentBilling, DeviceSection, KeeperBilling, MeterConfig, MeterSection, OperatorBilling, point,
};
pub use counter::{
    CounterSection, DaySection, DsoConfig, HomeSection, OperatorSection, ParticipantSection,
    TradeSection, TraderConfig,
};
pub use crowd::{
    AnswerSection, CrowdKeeper, CrowdOperatorConfig, CrowdsourceeConfig, ProgrammeSection,
};
pub use market::{MarketSection, SolverConfig, SolverSection};
pub use sections::{
    ChainSection, Connection, FaultSection, KeySection, ScenarioSection, SessionSection,
};

/// `gridweave agent`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgentConfig {
    /// Who this is in the scenario: `prosumer-BUS` or `area-INDEX`.
    pub name: String,
    /// The chain.
    pub chain: ChainSection,
    /// The key.
    pub key: KeySection,
    /// The devices.
    pub scenario: ScenarioSection,
    /// The sessions.
    pub session: SessionSection,
    /// The bills; nothing is paid in without it.
    pub bills: Option<AgentBilling>,
    /// Faults on purpose.
    #[serde(default)]
    pub faults: FaultSection,
}

/// `gridweave operator`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorConfig {
    /// The chain.
    pub chain: ChainSection,
    /// The key.
    pub key: KeySection,
    /// The day.
    pub scenario: ScenarioSection,
    /// The sessions.
    pub session: SessionSection,
    /// Feeder number in `grid`.
    pub feeder: u32,
    /// Interval that the session's first one is.
    #[serde(default)]
    pub first_interval: u64,
    /// Most rounds; the scenario's own without it.
    pub rounds: Option<u32>,
    /// Certified gap at which the session stops; the scenario's own without it.
    pub gap: Option<f64>,
    /// Answers kept per participant; the scenario's own without it.
    pub memory: Option<u32>,
    /// Check iterates for monotonicity.
    #[serde(default = "yes")]
    pub checks: bool,
    /// The bills; nothing is done about them without it.
    pub bills: Option<OperatorBilling>,
    /// Addresses of all participants by name.
    pub accounts: BTreeMap<String, String>,
    /// Accounts whose fees the operator pays, besides the participants.
    #[serde(default)]
    pub grants: Vec<String>,
}

fn yes() -> bool {
    true
}

/// `gridweave keeper`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeeperConfig {
    /// The chain.
    pub chain: ChainSection,
    /// The key.
    pub key: KeySection,
    /// The sessions; none are looked after without it.
    pub session: Option<SessionSection>,
    /// The bills; none are looked after without it.
    pub bills: Option<KeeperBilling>,
    /// The market; it is not looked after without it.
    pub market: Option<MarketSection>,
    /// Tasks of a crowd; they are not looked after without it.
    pub crowd: Option<CrowdKeeper>,
}

/// Reads a configuration; relative paths in it count from its folder.
///
/// # Errors
/// The file is missing, or a field is missing, unknown or of the wrong type; the message names both.
pub fn load<T: DeserializeOwned>(file: &Path) -> Result<T> {
    ensure!(
        file.is_file(),
        "configuration {} does not exist; the example files show what belongs in it",
        file.display()
    );
    Figment::new()
        .merge(Toml::file_exact(file))
        .merge(overrides())
        .extract()
        .map_err(|error| anyhow!("{error}"))
        .with_context(|| format!("configuration {}", file.display()))
}

/// `GRIDWEAVE_SECTION__FIELD` and the like; single words such as `GRIDWEAVE_LOG` mean other things.
fn overrides() -> Env {
    Env::prefixed("GRIDWEAVE_")
        .filter(|key| key.as_str().contains("__"))
        .split("__")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("config")
            .join(name)
    }

    #[test]
    fn the_examples_are_complete_and_read() {
        let agent: AgentConfig = load(&example("agent.example.toml")).unwrap();
        assert_eq!(agent.name, "prosumer-4");
        let operator: OperatorConfig = load(&example("operator.example.toml")).unwrap();
        assert_eq!(operator.accounts.len(), 2);
        let keeper: KeeperConfig = load(&example("keeper.example.toml")).unwrap();
        let meter: MeterConfig = load(&example("meter.example.toml")).unwrap();
        assert_eq!(meter.meters.len(), 2);
        let solver: SolverConfig = load(&example("solver.example.toml")).unwrap();
        assert_eq!(solver.solver.period_ms, 1_000);
        assert!(keeper.session.is_some() && keeper.market.is_some());
        assert!(agent.bills.is_some() && operator.bills.is_some() && keeper.bills.is_some());
        let dso: DsoConfig = load(&example("dso.example.toml")).unwrap();
        assert!(dso.dso.listen.ip().is_loopback() && !dso.dso.public);
        assert_eq!(dso.participants.len(), 2);
        let trader: TraderConfig = load(&example("trader.example.toml")).unwrap();
        assert_eq!((trader.homes.len(), trader.homes[1].index), (2, 5));
        assert!(trader.chain.fee_granter.is_some());
        let office: CrowdOperatorConfig = load(&example("crowd-operator.example.toml")).unwrap();
        assert_eq!(office.accounts.len(), 3);
        let person: CrowdsourceeConfig = load(&example("crowdsourcee.example.toml")).unwrap();
        assert!(person.answers.is_some() && person.preferences.windows.len() == 1);
        let market = [&solver.chain, &dso.chain, &trader.chain];
        let crowd = [&office.chain, &person.chain];
        let chains = [&agent.chain, &operator.chain, &keeper.chain, &meter.chain];
        for chain in chains.into_iter().chain(market).chain(crowd) {
            assert_eq!(chain.url, "http://127.0.0.1:26657");
        }
        assert!(agent.chain.fee_granter.is_some());
        assert!(operator.chain.fee_granter.is_none());
    }

    #[test]
    fn errors_name_the_file_and_the_field() {
        let folder = std::env::temp_dir().join(format!("gridweave-config-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let good = std::fs::read_to_string(example("keeper.example.toml")).unwrap();
        for (from, to, field) in [
            ("url =", "uri =", "uri"),
            ("after = 0", "after = -1", "session.after"),
            ("poll_ms = 1000", "poll_ms = true", "chain.poll_ms"),
        ] {
            let file = folder.join("keeper.toml");
            assert!(good.contains(from), "{from}");
            std::fs::write(&file, good.replace(from, to)).unwrap();
            let error = load::<KeeperConfig>(&file).unwrap_err();
            let text = format!("{error:#}");
            assert!(
                text.contains("keeper.toml") && text.contains(field),
                "{text}"
            );
        }
        std::fs::remove_dir_all(&folder).unwrap();
        let error = load::<KeeperConfig>(Path::new("none.toml")).unwrap_err();
        assert!(
            error.to_string().contains("none.toml does not exist"),
            "{error}"
        );
    }
}
