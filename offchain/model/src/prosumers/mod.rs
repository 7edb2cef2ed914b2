//! Communities of prosumers who trade with each other: homes with optional devices, community files
//! (JSON), scenarios (TOML), and schedules that are checked and priced. `docs/scenarios.md`
//! describes both formats.

mod check;
mod community;
mod document;
mod document_check;
mod draw;
mod file;
mod forecast;
mod home_document;
mod placed;
mod scenario;
mod schedule;
mod state;
mod wires;

pub use community::{
    Community, DrBasis, Hvac, Prosumer, Request, Shiftable, Storage, Tariff, daily_windows,
};
pub use file::{CommunityExpected, CommunityFile};
pub use forecast::Forecast;
pub use scenario::ProsumerScenario;
pub use schedule::{CostBreakdown, HomeSchedule};
