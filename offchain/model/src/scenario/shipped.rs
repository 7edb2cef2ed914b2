//! Scenarios and data that are part of the binary.

/// Scenario files by name.
pub(super) const SCENARIOS: [(&str, &str); 4] = [
    ("ces-56", include_str!("../../../scenarios/ces-56.toml")),
    (
        "munsing-55",
        include_str!("../../../scenarios/munsing-55.toml"),
    ),
    (
        "munsing-55-tight",
        include_str!("../../../scenarios/munsing-55-tight.toml"),
    ),
    ("quick", include_str!("../../../scenarios/quick.toml")),
];

/// The measured year: name and text.
pub(super) const YEAR: (&str, &str) = (
    "citylearn2022/year.csv",
    include_str!("../../../scenarios/data/citylearn2022/year.csv"),
);

/// CSV files that a scenario may name as `shipped:NAME`.
const DATA: [(&str, &str); 2] = [
    (
        "price_24h.csv",
        include_str!("../../../scenarios/data/sce56/price_24h.csv"),
    ),
    YEAR,
];

/// A feeder that a scenario may name as `grid.case`.
pub(super) struct Feeder {
    pub name: &'static str,
    pub root: u32,
    pub base_kv: f64,
    /// Columns `from, to, r_ohm, x_ohm`.
    pub branches: &'static str,
    /// Columns `bus, peak_load_MVA`.
    pub buses: &'static str,
}

/// The feeders.
pub(super) const FEEDERS: [Feeder; 2] = [
    Feeder {
        name: "sce56",
        root: 1,
        base_kv: 12.0,
        branches: include_str!("../../../scenarios/data/sce56/branch.csv"),
        buses: include_str!("../../../scenarios/data/sce56/bus.csv"),
    },
    Feeder {
        name: "sce47",
        root: 1,
        base_kv: 12.35,
        branches: include_str!("../../../scenarios/data/sce47/branch.csv"),
        buses: include_str!("../../../scenarios/data/sce47/bus.csv"),
    },
];

/// Market scenarios by name.
pub(super) const MARKETS: [(&str, &str); 1] = [(
    "transax-102",
    include_str!("../../../scenarios/transax-102.toml"),
)];

/// Prosumer scenarios by name.
pub(super) const COMMUNITIES: [(&str, &str); 3] = [
    (
        "prosumers-10",
        include_str!("../../../scenarios/prosumers-10.toml"),
    ),
    (
        "prosumers-100",
        include_str!("../../../scenarios/prosumers-100.toml"),
    ),
    (
        "prosumers-1000",
        include_str!("../../../scenarios/prosumers-1000.toml"),
    ),
];

pub(super) fn data(name: &str) -> Option<&'static str> {
    let found = DATA.iter().find(|(known, _)| *known == name);
    found.map(|(_, text)| *text)
}

pub(super) fn data_names() -> String {
    DATA.map(|(name, _)| format!("shipped:{name}")).join(", ")
}
