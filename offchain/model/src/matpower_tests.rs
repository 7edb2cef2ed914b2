use super::*;

/// A small case as distribution cases are written: ohm and kW, converted after the matrices.
const FEEDER: &str = "function mpc = feeder
mpc.version = '2';
mpc.baseMVA = 10;
mpc.bus = [ %% kW and kVAr
\t1\t3\t0\t0\t0\t0\t1\t1\t0\t10\t1\t1\t1;
\t2\t1\t100\t60\t0\t0\t1\t1\t0\t10\t1\t1.1\t0.9;
\t3\t1\t90\t40\t0\t0\t1\t1\t0\t10\t1\t1.05\t0.92;
];
mpc.gen = [ 1 0 0 10 -10 1 100 1 10 0 ];
mpc.branch = [ % ohm
\t1\t2\t0.5\t0.25\t0\t0\t0\t0\t0\t0\t1\t-360\t360;
\t2\t3\t1\t0.5\t0\t0\t0\t0\t0\t0\t1\t-360\t360;
\t1\t3\t2\t2\t0\t0\t0\t0\t0\t0\t0\t-360\t360;
];
mpc.gencost = [ 2 0 0 3 0 20 0; ];
%% convert
[PQ, PV, REF, NONE, BUS_I, BUS_TYPE, PD, QD, GS, BS, BUS_AREA, VM, ...
    VA, BASE_KV, ZONE, VMAX, VMIN] = idx_bus;
[F_BUS, T_BUS, BR_R, BR_X, BR_B] = idx_brch;
Vbase = mpc.bus(1, BASE_KV) * 1e3;  % V
Sbase = mpc.baseMVA * 1e6;
mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
";

fn feeder() -> Case {
    parse("dir/feeder.m", FEEDER).unwrap()
}

fn refused(from: &str, to: &str) -> String {
    assert!(FEEDER.contains(from), "{from}");
    let text = FEEDER.replace(from, to);
    parse("feeder.m", &text).unwrap_err().to_string()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

#[test]
fn ohm_and_kilowatt_conversions_are_applied() {
    let case = feeder();
    assert_eq!((case.name.as_str(), case.root), ("feeder", 1));
    // Impedance base: (10 kV)²/10 MVA = 10 ohm.
    assert!(close(case.branches[0].r, 0.05) && close(case.branches[1].x, 0.05));
    let (p, q) = case.peak[&2];
    assert!(close(p, 0.1) && close(q, 0.06));
    assert_eq!((case.base.base_mva, case.base.base_kv), (10.0, 10.0));
    assert_eq!((case.base.v_min, case.base.v_max), (0.92, 1.05));
    assert_eq!(case.branches.len(), 2, "the tie switch is out of service");
    assert!(case.warnings.is_empty());
    assert_eq!(case.network().unwrap().buses.len(), 3);
}

#[test]
fn a_power_factor_splits_apparent_power() {
    let text = format!(
        "{FEEDER}pf = 0.8;\nmpc.bus(:, QD) = mpc.bus(:, PD) * sin(acos(pf));\n\
         mpc.bus(:, PD) = mpc.bus(:, PD) * pf;\n"
    );
    let (p, q) = parse("feeder.m", &text).unwrap().peak[&2];
    assert!(close(p, 0.08) && close(q, 0.06));
}

#[test]
fn per_unit_cases_need_no_conversion() {
    let end = FEEDER.find("%% convert").unwrap();
    let case = parse("feeder.m", &FEEDER[..end]).unwrap();
    assert_eq!((case.branches[0].r, case.peak[&3].0), (0.5, 90.0));
}

#[test]
fn what_the_model_lacks_is_warned_about() {
    let text = FEEDER
        .replace(
            "1\t2\t0.5\t0.25\t0\t0\t0\t0\t0",
            "1\t2\t0.5\t0.25\t0.01\t0\t0\t0\t1.05",
        )
        .replace("2\t1\t100\t60\t0\t0", "2\t1\t100\t60\t0\t0.6")
        .replace("[ 1 0 0 10", "[ 3 0 0 10");
    let case = parse("feeder.m", &text).unwrap();
    assert_eq!(
        case.warnings,
        [
            "bus 2: shunt 0 MW, 0.6 Mvar ignored",
            "branch 1-2: tap ratio 1.05 ignored",
            "branch 1-2: line charging 0.01 pu ignored",
            "generator at bus 3 ignored: only the reference bus has one",
        ]
    );
}

#[test]
fn limits_without_room_are_replaced_with_a_warning() {
    let case = parse("feeder.m", &FEEDER.replace("1.1\t0.9", "1\t1")).unwrap();
    assert_eq!((case.base.v_min, case.base.v_max), (0.9, 1.1));
    assert_eq!(
        case.warnings,
        ["voltage limits 1 to 1 leave no room: 0.9 to 1.1 assumed"]
    );
}

#[test]
fn statements_that_are_not_understood_are_refused() {
    for (from, to) in [
        ("/ 1e3;\n", "/ 1e3 + 1;\n"),
        ("[PD, QD]) / 1e3", "[PD, QD]) / kilo"),
        ("mpc.bus(:, [PD, QD]) =", "mpc.bus(2:3, [PD, QD]) ="),
        (
            "Vbase = mpc.bus(1, BASE_KV)",
            "Vbase = max(mpc.bus(:, BASE_KV))",
        ),
        ("%% convert", "mpc = scale_load(2, mpc);"),
        ("%% convert", "for k = 1:3"),
        ("%% convert", "mpc.bus(2, 3) = 5;"),
        ("mpc.version = '2'", "mpc.version = '1'"),
    ] {
        let message = refused(from, to);
        assert!(message.contains("is not understood"), "{message}");
        assert!(message.starts_with("feeder.m, line "), "{message}");
    }
    assert_eq!(
        refused("%% convert", "mpc = scale_load(2, mpc);"),
        "feeder.m, line 16: `mpc = scale_load(2, mpc)` is not understood, expected matrices, \
         scalars or the scaling of whole columns"
    );
}

#[test]
fn bad_values_name_line_and_expectation() {
    assert_eq!(
        refused("2\t1\t100", "2\t1\tabc"),
        "feeder.m, line 6: mpc.bus: \"abc\", expected a number"
    );
    assert_eq!(
        refused("2\t3\t1\t0.5\t0\t0", "2\t3\t1\t0.5\t0"),
        "feeder.m, line 12: mpc.branch: 12 columns, expected 13 as in the first row"
    );
    assert_eq!(
        refused("2\t3\t1\t0.5", "2\t9\t1\t0.5"),
        "feeder.m, line 12: branch 2-9: bus 9 is not in mpc.bus, expected a bus in service"
    );
    assert_eq!(
        refused("3\t1\t90", "2.5\t1\t90"),
        "feeder.m, line 7: bus number 2.5, expected a whole number of at least 1"
    );
    assert_eq!(
        refused("3\t1\t90", "2\t1\t90"),
        "feeder.m, line 7: bus 2 again, expected it once"
    );
    assert_eq!(
        refused("1\t3\t0\t0", "1\t1\t0\t0"),
        "feeder.m: no bus of type 3, expected one reference bus"
    );
    assert_eq!(
        refused("mpc.baseMVA = 10;", "").split(',').next(),
        Some("feeder.m")
    );
}

#[test]
fn meshed_and_disconnected_cases_name_the_branch() {
    assert_eq!(
        refused(
            "2\t2\t0\t0\t0\t0\t0\t0\t0\t-360",
            "2\t2\t0\t0\t0\t0\t0\t0\t1\t-360"
        ),
        "feeder.m: branch 1-3 closes a loop (its ends are joined already), expected a radial network"
    );
    assert_eq!(
        refused("1\t0.5\t0\t0\t0\t0\t0\t0\t1", "1\t0.5\t0\t0\t0\t0\t0\t0\t0"),
        "feeder.m: bus 3 cannot be reached: branch 2-3 is out of service, expected a connected network"
    );
    assert_eq!(
        refused("1\t2\t0.5", "1\t2\t-0.5"),
        "feeder.m: branch 1-2 has r = -0.05, expected a number of at least 0"
    );
}

#[test]
fn an_exported_scenario_builds_the_same_network() {
    let case = feeder();
    let text = case.to_scenario();
    let directory = std::path::Path::new("");
    let scenario = crate::Scenario::parse("feeder.toml", &text, directory, []).unwrap();
    let instance = scenario.build().unwrap();
    assert_eq!(instance.horizon, 24);
    // The scenario is per unit of 1 MVA, the case of 10 MVA.
    let expected = case.network().unwrap();
    assert_eq!(instance.network.v_min, 0.92);
    for (bus, original) in instance.network.buses.iter().zip(&expected.buses) {
        assert_eq!((bus.id, bus.parent), (original.id, original.parent));
        assert!(close(bus.r * 10.0, original.r) && close(bus.x * 10.0, original.x));
    }
    assert!(instance.sites[1].load_p.iter().all(|&p| p > 0.0 && p < 0.2));
    assert!(instance.sites.iter().any(crate::Site::is_controllable));
}
