//! A good scenario, what is made wrong in it, and the message that must come of it.

/// A small scenario that is right.
pub const GOOD: &str = r#"
name = "good"
horizon = 24

[grid]
base_kv = 12.0
branch = [
  { from = 1, to = 2, r = 0.5, x = 0.4 },
  { from = 2, to = 3, r = 0.5, x = 0.4 },
]

[generator]
bus = 1
alpha = 5.0
beta = 30.0

[load]
peak = [{ bus = 2, kw = 100.0, kvar = 40.0 }]

[[bus]]
id = 3
load_kw = 50.0

[[bus.battery]]
charge_max_kw = 10.0
discharge_max_kw = 10.0
energy_kwh = 40.0
eta_in = 0.95
eta_out = 0.95
soc_min = 0.1
soc_max = 0.9
soc_start = 0.5
soc_end_min = 0.5
soc_end_max = 0.5

[[bus.shapable]]
start = 10
end = 20
energy_kwh = 50.0
power_max_kw = 10.0

[[bus.deferrable]]
earliest = 8
max_delay = 6
profile_kw = [5.0, 4.0]

[session]
mode = "exchange"
"#;

/// Text replaced, replacement, message.
pub const CASES: [(&str, &str, &str); 51] = [
    (
        "name = \"good\"",
        "",
        "s.toml: `top level`: missing field `name`",
    ),
    (
        "name = \"good\"",
        "name = good",
        "s.toml, line 2: string values must be quoted, expected literal string",
    ),
    (
        "horizon = 24",
        "horizon = \"day\"",
        "s.toml: `horizon`: invalid type: string \"day\", expected a whole number of at least 0",
    ),
    (
        "horizon = 24",
        "horizon = 0",
        "s.toml: `horizon` is 0, expected from 1 to 168 intervals",
    ),
    (
        "horizon = 24",
        "horizon = 24\ninterval_minutes = 7",
        "s.toml: `interval_minutes` is 7, expected a divisor of 60",
    ),
    (
        "horizon = 24",
        "horizon = 24\nseed = -1",
        "s.toml: `seed`: invalid value: integer `-1`, expected a whole number of at least 0",
    ),
    (
        "horizon = 24",
        "horizons = 24",
        "s.toml: `horizons`: unknown field `horizons`, expected one of `name`, `description`, `seed`, `horizon`, `interval_minutes`, `grid`, `generator`, `load`, `solar`, `battery`, `shapable`, `deferrable`, `user_cost`, `crowdsourcing`, `bus`, `session`, `billing`",
    ),
    (
        "base_kv = 12.0",
        "",
        "s.toml: `grid.base_kv` is missing, expected the voltage base in kV",
    ),
    (
        "base_kv = 12.0",
        "base_kv = 12.0\ncase = \"sce56\"",
        "s.toml: `grid` is given by 2 of `case`, `matpower`, `branch`, expected exactly one of them",
    ),
    (
        "base_kv = 12.0",
        "base_kv = 12.0\nv_min = 1.1",
        "s.toml: `grid.v_max` is 1.05, expected a number above 1.1",
    ),
    (
        "base_kv = 12.0",
        "base_kv = 12.0\nimpedance = \"siemens\"",
        "s.toml: `grid.impedance`: unknown variant `siemens`, expected `ohm` or `pu`",
    ),
    (
        "base_kv = 12.0",
        "base_kv = 12.0\nimpedance_base_mva = 10.0",
        "s.toml: `grid.impedance_base_mva` is given for impedances in ohm, expected it beside `impedance = \"pu\"` only",
    ),
    (
        "[generator]",
        "[solar]\nsize = [1.0, 0.5]\n[generator]",
        "s.toml: `solar.size[1]` is 0.5, expected a number of at least 1",
    ),
    (
        "{ from = 2, to = 3, r = 0.5, x = 0.4 }",
        "{ from = 2, to = 3, r = -0.5, x = 0.4 }",
        "s.toml: `grid.branch`: branch 2-3 has r = -0.5, expected a number of at least 0",
    ),
    (
        "{ from = 2, to = 3, r = 0.5, x = 0.4 }",
        "{ from = 2, to = 2, r = 0.5, x = 0.4 }",
        "s.toml: `grid.branch`: branch 2-2 joins bus 2 to itself, expected two different buses",
    ),
    (
        "{ from = 2, to = 3, r = 0.5, x = 0.4 },",
        "{ from = 2, to = 3, r = 0.5, x = 0.4 }, { from = 3, to = 1, r = 0.5, x = 0.4 },",
        "s.toml: `grid.branch`: branch 3-1 closes a loop (its ends are joined already), expected a radial network",
    ),
    (
        "{ from = 2, to = 3, r = 0.5, x = 0.4 }",
        "{ from = 4, to = 3, r = 0.5, x = 0.4 }",
        "s.toml: `grid.branch`: bus 3 cannot be reached from root bus 1: branch 4-3 lies in another part, expected a connected network",
    ),
    (
        "{ from = 2, to = 3, r = 0.5, x = 0.4 }",
        "{ from = 2, to = 3, r = 0.5 }",
        "s.toml: `grid.branch[1]`: missing field `x`",
    ),
    (
        "bus = 1\nalpha",
        "bus = 9\nalpha",
        "s.toml: `grid.branch`: root bus 9 is an end of no branch, expected one of the buses 1, 2, 3",
    ),
    (
        "bus = 1\nalpha",
        "alpha",
        "s.toml: `generator.bus` is missing, expected the number of the root bus",
    ),
    (
        "alpha = 5.0",
        "alpha = -5.0",
        "s.toml: `generator.alpha` is -5, expected a number of at least 0",
    ),
    (
        "beta = 30.0",
        "beta = \"cheap\"",
        "s.toml: `generator.beta`: invalid type: string \"cheap\", expected a number, a list of numbers or a table { csv, column, scale }",
    ),
    (
        "beta = 30.0",
        "beta = [1.0, 2.0]",
        "s.toml: `generator.beta` is a list of 2, expected 24 numbers, one per interval",
    ),
    (
        "beta = 30.0",
        "beta = nan",
        "s.toml: `generator.beta[0]` is NaN, expected a finite number",
    ),
    (
        "beta = 30.0",
        "beta = { csv = \"shipped:price_24h.csv\", column = \"cost\" }",
        "s.toml: `generator.beta`: shipped:price_24h.csv: no column `cost`, expected one of hour, price",
    ),
    (
        "beta = 30.0",
        "beta = { csv = \"shipped:price.csv\", column = \"price\" }",
        "s.toml: `generator.beta` is \"shipped:price.csv\", expected one of shipped:price_24h.csv, shipped:citylearn2022/year.csv",
    ),
    (
        "[load]\n",
        "[load]\nday = 365\n",
        "s.toml: `load.day` is 365, expected a day from 0 to 364",
    ),
    (
        "[load]\n",
        "[load]\npower_factor = 1.5\n",
        "s.toml: `load.power_factor` is 1.5, expected a number from 0.01 to 1",
    ),
    (
        "{ bus = 2, kw = 100.0",
        "{ bus = 7, kw = 100.0",
        "s.toml: `load.peak[0].bus` is 7, expected a bus of the grid",
    ),
    (
        "id = 3",
        "id = 8",
        "s.toml: `bus[0].id` is 8, expected a bus of the grid",
    ),
    (
        "id = 3",
        "id = 3\nsolar_kw = -1.0",
        "s.toml: `bus[0].solar_kw[0]` is -0.001, expected a number of at least 0",
    ),
    (
        "eta_in = 0.95",
        "eta_in = 0.0",
        "s.toml: `bus[0].battery[0].eta_in` is 0, expected an efficiency above 0, at most 1",
    ),
    (
        "energy_kwh = 40.0",
        "energy_kwh = -40.0",
        "s.toml: `bus[0].battery[0].energy_kwh` is -40, expected a number above 0",
    ),
    (
        "soc_start = 0.5",
        "soc_start = 0.95",
        "s.toml: `bus[0].battery[0].soc_start` is 0.95, expected a number from 0.1 to 0.9",
    ),
    (
        "end = 20",
        "end = 30",
        "s.toml: `bus[0].shapable[0].end` is 30, expected at most the horizon, 24",
    ),
    (
        "energy_kwh = 50.0",
        "energy_kwh = 150.0",
        "s.toml: `bus[0].shapable[0].energy_kwh` is 150, expected from 0 to 100, what the window of 10 h can hold",
    ),
    (
        "max_delay = 6",
        "max_delay = 16",
        "s.toml: `bus[0].deferrable[0].max_delay` is 16, expected at most 15, so that every start lies within the horizon",
    ),
    (
        "profile_kw = [5.0, 4.0]",
        "profile_kw = [5.0, -4.0]",
        "s.toml: `bus[0].deferrable[0].profile_kw[1]` is -4, expected a number of at least 0",
    ),
    (
        "[session]",
        "[solar]\nshare = 1.5\n[session]",
        "s.toml: `solar.share` is 1.5, expected a number from 0 to 1",
    ),
    (
        "[session]",
        "[deferrable]\nearliest = [7, 20]\n[session]",
        "s.toml: `deferrable.max_delay` is [3, 8], expected starts within the day: earliest[1] + max_delay[1] of at most 23",
    ),
    (
        "mode = \"exchange\"",
        "mode = \"auction\"",
        "s.toml: `session.mode`: unknown variant `auction`, expected one of `exchange`, `exchange-admm`, `nodal`, `lateral`",
    ),
    (
        "mode = \"exchange\"",
        "max_rounds = 0",
        "s.toml: `session.max_rounds` is 0, expected at least 1",
    ),
    (
        "[session]",
        "[billing]\nimbalance = 1.5\n[session]",
        "s.toml: `billing.imbalance` is 1.5, expected a number from 0 to 1",
    ),
    (
        "[session]",
        "[billing]\ndeposit = 5.0\n[session]",
        "s.toml: `billing.deposit` is 5, expected a number of at least 100",
    ),
    (
        "[session]",
        "[billing]\ntariff = []\n[session]",
        "s.toml: `billing.tariff` is 0, expected 1 to 8 terms",
    ),
    (
        "[session]",
        "[billing]\ntariff = [\"dlmp\", { time_of_use = [1.0, 1e9] }]\n[session]",
        "s.toml: `billing.tariff[1][1]` is 1000000000, expected a number from -100000 to 100000",
    ),
    (
        "[session]",
        "[billing]\ntariff = [\"spot\"]\n[session]",
        "s.toml: `billing.tariff[0]`: unknown variant `spot`, expected one of `dlmp`, `flat`, `time_of_use`, `demand`",
    ),
    (
        "[session]",
        "[billing]\ninterval_seconds = 2\ncorrection_seconds = 10\n[session]",
        "s.toml: `billing.correction_seconds` is 10, expected a number from 20 to 31622400",
    ),
    (
        "[session]",
        "[billing]\nperiod_intervals = 0\n[session]",
        "s.toml: `billing.period_intervals` is 0, expected a number from 1 to 2976",
    ),
    (
        "[session]",
        "[billing.meter]\nbatch = 0\n[session]",
        "s.toml: `billing.meter.batch` is 0, expected a number from 1 to 200",
    ),
    (
        "[session]",
        "[billing.meter]\nlate = 2\n[session]",
        "s.toml: `billing.meter.late` is 2, expected a number from 0 to 1",
    ),
];
