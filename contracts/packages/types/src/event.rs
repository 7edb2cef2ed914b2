//! Names of actions and event attributes, in one place because auditors parse them.
//!
//! Every response carries [`ACTION`]. The `coordinator` announces:
//!
//! | action | attributes |
//! |---|---|
//! | `session_created` | `session`, `mode`, `horizon`, `feeder` |
//! | `participants_added`, `groups_added` | `session`, `added`, `total` |
//! | `session_opened` | `session`, `participants`, `deadline` |
//! | `bond_posted`, `bond_reclaimed` | `session`, `participant`, `amount`, (`forfeited`) |
//! | `iterate_submitted` | `session`, `round`, `participant`, `missed` (since its last iterate) |
//! | `iterate_rejected` | `session`, `round`, `participant`, `reason` |
//! | `combination_accepted` | `session`, `round`, `solver`, `cost` |
//! | `round_advanced` | `session`, `round` |
//! | `round_closed` | `session`, `round`, `received`, `missed`, `r`, `s`, `rho`, (`cost`, `gap`) |
//! | `agent_missed` | `session`, `round`, `participant` |
//! | `agent_replaced` | `session`, `round`, `participant`, `reason` (`missed` or `rejected`) |
//! | `session_converged`, `session_exhausted`, `session_aborted` | `session`, `round`, `reason` |
//! | `bond_collected` | `session`, `amount` |
//! | `session_cleared` | `session`, `cleared`, `left` |
//!
//! Both announce `instantiated` and `migrated` (`from`, `to`). The `grid` announces `operator_proposed`, `proposal_cancelled`, `operator_accepted`,
//! `feeder_added`, `feeder_limits_set`, `branches_added`, `accounts_registered`,
//! `account_removed` and `meter_key_set`, with the fields of the message as attributes.

/// Attribute that every response carries: what was done.
pub const ACTION: &str = "action";
