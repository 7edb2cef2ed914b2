//! Exchange with the network: agents answer with net injections, the rule sweeps the power flow,
//! finds the plan and sets the prices.

mod certificate;
mod cost;
mod hour;
mod linearization;
mod master;
mod pairwise;
mod participant;
mod plan;
mod problem;
mod voltage;
mod zstep;

pub use certificate::{box_support, lower_bound_base, relative_gap};
pub use cost::{ExportRule, GenerationCost};
pub use master::{MasterParams, combine};
pub use participant::{Answer, Participant, merge_into_baseline};
pub use plan::{Evaluation, better_candidate, evaluate};
pub use problem::Problem;
pub use voltage::{VoltageParams, VoltageState};
pub use zstep::{centre, relaxed_update, z_step};
