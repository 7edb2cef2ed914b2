//! Every kind of bad scenario input is refused with file, key, value and what was expected.

#[path = "bad_scenarios/cases.rs"]
mod cases;

use std::path::Path;

use gridweave_model::{Scenario, ScenarioError};

use cases::{CASES, GOOD};

fn build(text: &str, variables: &[(&str, &str)]) -> Result<(), ScenarioError> {
    let variables = variables.iter().map(|&(k, v)| (k.to_owned(), v.to_owned()));
    let scenario = Scenario::parse("s.toml", text, Path::new("no-such-directory"), variables)?;
    scenario.build().map(|_| ())
}

#[test]
fn the_scenario_they_are_made_from_is_good() {
    assert_eq!(build(GOOD, &[]), Ok(()));
}

#[test]
fn bad_values_are_named() {
    for (from, to, expected) in CASES {
        assert!(GOOD.contains(from), "nothing to replace: {from}");
        let text = GOOD.replacen(from, to, 1);
        let message = build(&text, &[]).unwrap_err().to_string();
        assert_eq!(message, expected, "replacing {from:?} by {to:?}");
    }
}

#[test]
fn overrides_from_the_environment_are_named() {
    let message = |variable, value| build(GOOD, &[(variable, value)]).unwrap_err().to_string();
    assert_eq!(
        build(GOOD, &[("GRIDWEAVE_GENERATOR__ALPHA", "2.5")]),
        Ok(())
    );
    assert_eq!(
        build(GOOD, &[("GRIDWEAVE_LOG", "debug"), ("HOME", "/")]),
        Ok(())
    );
    assert_eq!(
        message("GRIDWEAVE_GENERATOR__ALPHA", "-1"),
        "environment variable GRIDWEAVE_GENERATOR__ALPHA: `generator.alpha` is -1, expected a number of at least 0"
    );
    assert_eq!(
        message("GRIDWEAVE_SCENARIO__HORIZON", "long"),
        "environment variable GRIDWEAVE_SCENARIO__HORIZON: `horizon`: invalid type: string \"long\", expected a whole number of at least 0"
    );
    assert_eq!(
        message("GRIDWEAVE_NAME__X", "1"),
        "environment variable GRIDWEAVE_NAME__X: `name.x`: `name` is not a table, expected a key of a table"
    );
    assert!(message("GRIDWEAVE_GENERATOR__GAMMA", "1").starts_with(
        "environment variable GRIDWEAVE_GENERATOR__GAMMA: `generator.gamma`: unknown field `gamma`, expected one of `bus`, `alpha`, `beta`"
    ));
}

#[test]
fn files_that_are_not_there_are_named() {
    let matpower = GOOD.replace("branch = [", "matpower = \"x.m\"\nother = [");
    let end = matpower.find("other").unwrap();
    let close = matpower[end..].find("]\n").unwrap() + end + 2;
    let text = format!("{}{}", &matpower[..end], &matpower[close..]);
    let message = build(&text, &[]).unwrap_err().to_string();
    let path = Path::new("no-such-directory").join("x.m");
    let expected = format!(
        "s.toml: `grid.matpower`: {}: cannot be read: ",
        path.display()
    );
    assert!(message.starts_with(&expected), "{message}");

    let text = GOOD.replace(
        "beta = 30.0",
        "beta = { csv = \"p.csv\", column = \"price\" }",
    );
    let message = build(&text, &[]).unwrap_err().to_string();
    let path = Path::new("no-such-directory").join("p.csv");
    let expected = format!(
        "s.toml: `generator.beta`: {}: cannot be read: ",
        path.display()
    );
    assert!(message.starts_with(&expected), "{message}");

    let error = Scenario::load(Path::new("none.toml")).unwrap_err();
    assert!(error.to_string().starts_with("none.toml: cannot be read: "));
    let error = Scenario::shipped("munsing").unwrap_err();
    assert_eq!(
        error.to_string(),
        "no shipped scenario `munsing`, expected one of ces-56, munsing-55, munsing-55-tight, quick"
    );
}
