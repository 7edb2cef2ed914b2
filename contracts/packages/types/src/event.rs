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
//! | `iterate_submitted` | `session`, `round`, `participant`, `missed` (since its last iterate), (`confirmed`: whether the plan of the round before, in a pool) |
//! | `iterate_rejected` | `session`, `round`, `participant`, `reason` |
//! | `combination_accepted` | `session`, `round`, `solver`, `cost` |
//! | `round_advanced` | `session`, `round` |
//! | `round_closed` | `session`, `round`, `received`, `missed`, `r`, `s`, `rho`, (`cost`, `gap`) |
//! | `plan_contradicted` | `session`, `round` (of the plan), `cost`, `bound`: all have confirmed a plan at a cost below the bound that follows from their own claims; it does not count |
//! | `plan_confirmed` | `session`, `round` (of the plan), `cost`, `gained`, `lost` (µ, before side payments) |
//! | `agent_missed` | `session`, `round`, `participant` |
//! | `agent_replaced` | `session`, `round`, `participant`, `reason` (`missed` or `rejected`) |
//! | `session_converged`, `session_exhausted`, `session_aborted` | `session`, `round`, `reason` |
//! | `bond_collected` | `session`, `amount` |
//! | `session_cleared` | `session`, `cleared`, `left` |
//!
//! The `billing` contract announces enough to compute every payment again from events alone. Numbers
//! are decimal (Wh, µ/kWh, µ); arrays are base64 of packed little-endian numbers: `intervals` 4 bytes
//! each, `energies`, `prices` and `readings` 8 bytes each, signed.
//!
//! | action | attributes |
//! |---|---|
//! | `instantiated` | `config` (JSON), `tariff` (JSON, from interval 0) |
//! | `tariff_set` | `from`, `tariff` (JSON) |
//! | `source_registered`, `source_removed` | `contract`, (`index`, `kind`) |
//! | `topped_up` | `account`, `sender`, `amount`, what the account has then |
//! | `withdrawn`, `released` | `account`, `recipient`, `amount`, what the account has then |
//! | `collected` | `account`, `amount`, what the account has then |
//! | `grid_funded` | `sender`, `amount`, `grid` (cash then) |
//! | `grid_defunded` | `recipient`, `amount`, `grid` (cash then) |
//! | `commitments_recorded` | `source`, `recorded`, `skipped` |
//! | `session_recorded` | `coordinator`, `session`, `recorded`, `skipped`, `left` (participants) |
//! | `readings_submitted` | `account`, `from`, `readings`, `nonce`, `signature`, `lapsed` (intervals passed over), `kept` (readings that the operator's decision outweighs) |
//! | `readings_corrected` | `account`, `from`, `readings`, `nonce`, `signature` |
//! | `interval_settled` | `interval`, `settled`, `held`, `open`, (`next`: where the next page starts) |
//! | `reading_disputed` | `account`, `interval`, `metered`, `sender` |
//! | `dispute_resolved` | `account`, `interval`, `metered` |
//! | `period_opened` | `period`, `first`, `last`, `statements` |
//! | `period_reconciled` | `period`, `reconciled`, `held`, `left`, (`next`) |
//!
//! What the account has then is `balance`, `collateral`, `receivable` and `arrears`. Beside these
//! there are events of their own, in the order in which things happened:
//!
//! | event | attributes |
//! |---|---|
//! | `account_opened` | `account`, `number` |
//! | `commitments_recorded` | `account`, `source`, `paid`, (`session`), `intervals`, `energies`, `prices` (before the tariff) |
//! | `commitments_skipped` | `account`, `source`, `paid`, (`session`), `reason`, `intervals` |
//! | `side_payment` | `account`, `source`, `session`, `amount` (to the account) |
//! | `line_settled`, `line_adjusted` | `interval`, `account`, `energy`, `metered`, `origin`, `committed`, `imbalance`, `penalty`, `dust`, `amount`; adjusted lines show what they are now |
//! | `interval_closed` | `interval`, `lines`, `estimated`, `scheduled`, `metered`, `accounts`, `grid`, `dust` |
//! | `arrears_changed` | `account`, `arrears` |
//! | `statement` | `period`, `account`, `lines`, `estimated`, `adjusted`, `scheduled`, `metered`, `peak`, `committed`, `imbalance`, `penalty`, `demand`, `dust`, `total` |
//!
//! The `assets` contract announces under the names of the paper's messages what it gives and takes
//! (`T`: assetAdded, financialAdded, energyDeposited, financialDeposited). `side` is `sell` or `buy`;
//! `intervals` of a permit is its set as text (`17-20,23`), `interval` that of a claim. Arrays are
//! base64 of packed little-endian numbers: `sellers`, `buyers`, `offers`, `energies` 8 bytes each,
//! `payments`, `amounts` 16.
//!
//! | action | attributes |
//! |---|---|
//! | `instantiated` | `config` (JSON) |
//! | `market_registered`, `market_removed` | `market`, (`index`) |
//! | `issue_limit_set` | `feeder`, `limit` (Wh per interval and side, or `none`) |
//! | `permits_issued` | `entries`, `energy` |
//! | `financial_added` | `holder`, `amount`, `money` (free then) |
//! | `permit_split` | `holder`, `side`, `feeder`, `intervals`, `energy`, `left` |
//! | `permit_expired` | `holder`, `side`, `feeder`, `intervals`, `energy` |
//! | `retired` | `holder`, `side`, `feeder`, `intervals` or `interval`, `energy`, `reason` |
//! | `locked` | `market`, `offer`, `holder`, `side`, `feeder`, `intervals`, `energy`, `money` |
//! | `trades_settled` | `market`, `interval`, `trades`, `energy`, `payment`, `sellers`, `buyers`, `energies`, `payments` |
//! | `locks_released` | `market`, `locks`, `energy`, `money`, `offers`, `energies`, `amounts` |
//! | `energy_deposited` | `holder`, `sender`, `claims` |
//! | `deposits_credited` | `billing`, `commitments` |
//! | `financial_deposited` | `holder`, `amount`, `credit` (`account` or `coins`), `money` (free then) |
//! | `paid_out` | `rows`, `amount` |
//! | `payout_failed` | `amount` (back with the returned money) |
//! | `withdrawn` | `holder`, `amount`, `money` (free then) |
//!
//! Events of their own:
//!
//! | event | attributes |
//! |---|---|
//! | `asset_added` | `holder`, `side`, `feeder`, `intervals`, `energy` |
//! | `permit_narrowed` | `holder`, `side`, `feeder`, `intervals`, `from` (its intervals before), `energy` |
//! | `energy_deposited` | `holder`, `side`, `feeder`, `interval`, `energy` |
//! | `deposit_credited` | `side`, `feeder`, `interval`, `energy`, `price` (µ/kWh) |
//! | `paid_out`, `payout_failed` | `kind` (`address` or `account`), `payee`, `amount` |
//!
//! The `market` announces enough to keep its book, to verify what it finalizes and to compute every
//! payment and reward again. Numbers are decimal (Wh, µ/kWh, µ); lists of offers and intervals are
//! separated by commas; `trades` are base64 of trades packed 20 bytes each (seller, buyer, energy 4
//! bytes each, price 8, little endian).
//!
//! | action | attributes |
//! |---|---|
//! | `instantiated` | `config` (JSON), `next` (first interval) |
//! | `feeder_limits_set` | `feeder`, `export`, `import`, `consumption`, `production`, (`voided`: intervals of the candidate) |
//! | `offer_posted` | `offer`, `owner`, `side`, `feeder`, `intervals`, `energy`, `price`, `money` (locked) |
//! | `offer_cancelled` | `offer`, `owner`, `round` (with which it ends) |
//! | `solver_registered`, `solver_unregistered` | `solver`, `bond`, (`paid`) |
//! | `solution_committed` | `solver`, `hash`, `until` |
//! | `solution_withheld` | `solver`, `penalty`, `bond` (what is left) |
//! | `solution_begun`, `trades_appended`, `solution_abandoned` | `solver`, `solution`, (`round`, `sequence`, `trades`) |
//! | `solution_accepted` | `solution`, `solver`, `round`, `trades` (number), `energy`, `objective`, `before` (the candidate's), `digest`, (`bound`, `ratio_ppm`) |
//! | `solution_rejected` | `solver`, `round`, `reason`, `detail`, `penalty`, `bond` (what is left) |
//! | `finalized` | `from`, `next`, `complete` (whether nothing is under way) |
//! | `rewards_funded`, `rewards_defunded` | `sender` or `recipient`, `amount`, `pool` (then) |
//! | `reward_claimed` | `solver`, `amount` |
//!
//! | event | attributes |
//! |---|---|
//! | `interval_finalized` | `interval`, `solution`, `trades` (number), `energy`, `objective`, `void`, (`rewarded`: solver and amount, once for each) |
//! | `trades_finalized` | `interval`, `from` (number of the first), `trades`, (`filled`: offers that are used up) |
//! | `offers_ended` | `interval`, (`expired`, `cancelled`, `kept`: cancelled, but in use) |
//!
//! The `crowdsourcing` contract announces enough to keep every budget, to compute every payment again
//! and to learn the same willingness. `setpoints` and `amounts` are base64 of packed little-endian
//! numbers, 8 and 16 bytes each; `ledger` is `programme N`, `week N` or `month N`.
//!
//! | action | attributes |
//! |---|---|
//! | `instantiated` | `config` (JSON) |
//! | `enrolment_requested` | `account`, `kind` (`type1`, `type2`, `generator`), `devices` (JSON) |
//! | `enrolment_approved`, `enrolment_refused` | `account` |
//! | `enrolment_revoked` | `account`, `sender` |
//! | `programme_created` | `programme`, `terms` (JSON), `amount` |
//! | `budget_added` | `programme`, `amount` |
//! | `preferences_submitted` | `programme`, `account`, `amended` (how often), `preferences` (JSON) |
//! | `agreement_proposed` | `agreement`, `programme`, `account`, `signed_ahead` (by preferences) |
//! | `agreement_accepted`, `agreement_declined`, `agreement_used` | `agreement`, `programme`, `account` |
//! | `tasks_offered` | `programme`, `tasks` (number) |
//! | `tasks_raised` | `tasks` (number) |
//! | `task_accepted` | `task`, `account`, `round`, `committed` |
//! | `task_declined` | `task`, `account`, `round`, `released` |
//! | `supplemented` | `programme`, `supplements` (number) |
//! | `swept` | `interval`, `expired`, `settled`, `held`, (`next`: where the next page starts) |
//! | `reconciled` | `ledger`, `reconciled`, `left` (statements) |
//! | `withdrawn` | `recipient`, `amount`, `unspent` (then) |
//!
//! | event | attributes |
//! |---|---|
//! | `budget_added` | `programme`, `feeder`, `from`, `amounts` |
//! | `agreement_proposed` | `agreement`, `programme`, `account`, `rate`, `term`, `first`, `last`, `export`, `import`, `setpoints` |
//! | `setpoints_committed` | `agreement`, `programme`, `account`, `rate`, `setpoints` |
//! | `task_offered`, `task_raised` | `task`, `programme`, `account`, `feeder`, `interval`, `energy`, `price`, `incentive`, `round`, `until`, `reserved` (in all) |
//! | `task_expired` | `task`, `account`, `round`, `released` |
//! | `task_settled` | `task`, `account`, `committed` and `metered` (the line's energies), `delivered`, `paid`, `released` |
//! | `answer_counted` | `account`, `level`, `accepted`, `answers` |
//! | `supplemented` | `account`, `feeder`, `interval`, `energy`, `price` |
//! | `crowd_statement` | `ledger`, `account`, `offered`, `accepted`, `declined`, `expired`, `energy`, `delivered`, `paid`, `agreed`, `supplemented` |
//! | `ledger_closed` | `ledger`, `budget`, `unspent`, and the sums of the statements |
//!
//! All announce `instantiated` and `migrated` (`from`, `to`). The `grid` announces
//! `operator_proposed`, `proposal_cancelled`, `operator_accepted`, `feeder_added`,
//! `feeder_limits_set`, `branches_added`, `accounts_registered`, `account_removed` and
//! `meter_key_set`, with the fields of the message as attributes; an account registered with a
//! meter key has an event `meter_key_set` (`address`, `meter_key` in base64) of its own, so that
//! anybody can check the signatures of readings.

/// Attribute that every response carries: what was done.
pub const ACTION: &str = "action";
