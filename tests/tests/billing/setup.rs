//! Instantiation, roles, tariffs and migration.

use cosmwasm_std::{Int64, StdResult, Uint64};
use cw_multi_test::Executor;
use gridweave_billing::{CONTRACT_NAME, CONTRACT_VERSION};
use gridweave_rules::settlement::MAX_ENERGY;
use gridweave_testkit::billing::{Billing, instantiate, store, terms};
use gridweave_testkit::{Suite, assert_event, assert_refused};
use gridweave_types::billing::{
    ConfigResponse, ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, SourceKind, Tariff,
    TariffResponse, Term,
};
use gridweave_types::version::VersionError;

#[test]
fn the_terms_are_kept_and_announced() -> StdResult<()> {
    let billing = Billing::new(1);
    let config: ConfigResponse = billing.ask(&QueryMsg::Config {})?;
    assert_eq!(config.treasury, billing.treasury);
    assert_eq!(u64::from(config.genesis), billing.genesis);
    let log = billing.log();
    let mut attributes = log.iter().flat_map(|event| &event.attributes);
    let announced = attributes.find(|(key, _)| key == "config");
    let announced = announced.expect("the config is announced").1.as_bytes();
    let announced: ConfigResponse = cosmwasm_std::from_json(announced)?;
    assert_eq!(announced, config);
    Ok(())
}

/// Asserts that the terms are refused once `change` has been at them.
#[track_caller]
fn refused(change: impl FnOnce(&mut InstantiateMsg), expected: &str) {
    let mut suite = Suite::new();
    let mut message = terms(&suite.grid, &suite.address("treasury"), 1_000_000);
    change(&mut message);
    let admin = suite.admin.clone();
    let made = instantiate(&mut suite.app, &admin, &message);
    assert_refused(made, &expected);
}

#[test]
fn every_parameter_has_its_range() {
    refused(
        |terms| terms.denom = "u".into(),
        "denom is u, expected 3 to 128 bytes",
    );
    refused(
        |terms| terms.interval_seconds = 0,
        "interval_seconds is 0, expected 1 to 31622400",
    );
    refused(
        |terms| terms.period_intervals = 2_977,
        "period_intervals is 2977, expected 1 to 2976",
    );
    refused(
        |terms| terms.windows.correction = 899,
        "windows.correction is 899, expected 900 to 31622400",
    );
    refused(
        |terms| terms.windows.reading = u32::MAX,
        "windows.reading is 4294967295, expected 0 to 31622400",
    );
    refused(
        |terms| terms.limits.energy = Uint64::new(MAX_ENERGY + 1),
        "limits.energy is 1000000000001, expected 1 to 1000000000000",
    );
    refused(
        |terms| terms.limits.price = Uint64::zero(),
        "limits.price is 0, expected 1 to 1000000000000",
    );
    refused(
        |terms| terms.reference_price = Int64::MIN,
        "reference_price is -9223372036854775808, expected at most 10000000 either way",
    );
}

#[test]
fn every_number_of_a_tariff_has_its_range() {
    let with =
        |terms_of: Vec<Term>| move |terms: &mut InstantiateMsg| terms.tariff.terms = terms_of;
    refused(with(vec![]), "tariff.terms is 0, expected 1 to 8");
    refused(
        with(vec![Term::Dlmp {}; 9]),
        "tariff.terms is 9, expected 1 to 8",
    );
    refused(
        |terms| terms.tariff.imbalance_bps = 10_001,
        "tariff.imbalance_bps is 10001, expected 0 to 10000",
    );
    let price = Int64::new(-10_000_001);
    refused(
        with(vec![Term::Flat { price }]),
        "tariff.flat.price is -10000001, expected at most 10000000 either way",
    );
    refused(
        with(vec![Term::TimeOfUse { prices: vec![] }]),
        "tariff.time_of_use.prices is 0, expected 1 to 672",
    );
    refused(
        with(vec![Term::TimeOfUse {
            prices: vec![0.into(), price],
        }]),
        "tariff.time_of_use.prices is -10000001, expected at most 10000000 either way",
    );
    let price = Uint64::MAX;
    refused(
        with(vec![Term::Demand { price }]),
        "tariff.demand.price is 18446744073709551615, expected 0 to 10000000",
    );
}

#[test]
fn malformed_addresses_and_funds_are_refused() {
    let mut suite = Suite::new();
    let admin = suite.admin.clone();
    let mut message = terms(&suite.grid, &suite.address("treasury"), 1_000_000);
    message.treasury = "Nobody".into();
    let error = instantiate(&mut suite.app, &admin, &message).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("treasury: 'Nobody' is not an address"),
        "{error}"
    );
    let rich = suite.funded("rich");
    let code = store(&mut suite.app);
    let message = terms(&suite.grid, &suite.address("treasury"), 1_000_000);
    let funds = cosmwasm_std::coins(5, gridweave_testkit::DENOM);
    let made = suite
        .app
        .instantiate_contract(code, rich, &message, &funds, "billing", None);
    assert_refused(made, &"funds: received 5umoney, expected no coins");
}

#[test]
fn the_operators_actions_are_the_operators() {
    let mut billing = Billing::new(1);
    let contract = billing.chain.suite.address("new").to_string();
    let tariff = Tariff {
        terms: vec![Term::Dlmp {}],
        imbalance_bps: 0,
    };
    let messages = [
        ExecuteMsg::SetTariff { from: 50, tariff },
        ExecuteMsg::RegisterSource {
            contract: contract.clone(),
            kind: SourceKind::Recorder,
        },
        ExecuteMsg::RemoveSource { contract },
        ExecuteMsg::Resolve {
            account: billing.home(0).to_string(),
            interval: 0,
            reading: None,
        },
    ];
    let senders = [
        billing.home(0),
        billing.treasury.clone(),
        billing.chain.suite.admin.clone(),
    ];
    for sender in senders {
        let expected = format!("sender: {sender} is not the operator");
        for message in &messages {
            billing.refuses(&sender, message, &expected);
        }
    }
}

#[test]
fn the_operator_in_office_is_asked_for_each_time() -> StdResult<()> {
    let mut billing = Billing::new(1);
    let next = billing.chain.suite.address("next operator");
    billing.chain.suite.propose_operator(&next)?;
    billing.chain.suite.accept_operator(&next)?;
    let tariff = Tariff {
        terms: vec![Term::Dlmp {}],
        imbalance_bps: 0,
    };
    let message = ExecuteMsg::SetTariff { from: 50, tariff };
    let former = billing.chain.suite.operator.clone();
    let expected = format!("sender: {former} is not the operator");
    billing.refuses(&former, &message, &expected);
    billing.send(&next, &message, 0)?;
    Ok(())
}

#[test]
fn a_tariff_never_reaches_back() -> StdResult<()> {
    let mut billing = Billing::new(1);
    billing.top_up(0, 5_000_000)?;
    let tariff = Tariff {
        terms: vec![Term::Flat { price: 7.into() }],
        imbalance_bps: 0,
    };
    let early = |from, earliest| {
        format!(
            "from: interval {from} has begun or may have commitments, expected {earliest} or later"
        )
    };
    billing.at(3, 0);
    assert_refused(billing.set_tariff(3, tariff.clone()), &early(3, 4));
    billing.commit(&[(0, 20, 1, 1)])?;
    assert_refused(billing.set_tariff(20, tariff.clone()), &early(20, 21));
    billing.set_tariff(21, tariff.clone())?;
    let at =
        |interval| -> StdResult<TariffResponse> { billing.ask(&QueryMsg::Tariff { interval }) };
    assert_eq!(at(20)?.from, 0);
    assert_eq!(at(21)?.from, 21);
    assert_eq!(at(u32::MAX)?.tariff, tariff);
    Ok(())
}

/// A contract with some content whose state claims to be `contract` at `version`.
fn stamped(contract: &str, version: &str) -> StdResult<Billing> {
    let mut billing = Billing::new(1);
    billing.top_up(0, 5_000_000)?;
    let address = billing.contract.clone();
    let mut storage = billing.chain.suite.app.contract_storage_mut(&address);
    cw2::set_contract_version(storage.as_mut(), contract, version)?;
    drop(storage);
    Ok(billing)
}

fn migrate(
    billing: &mut Billing,
    sender: &cosmwasm_std::Addr,
) -> StdResult<cw_multi_test::AppResponse> {
    let app = &mut billing.chain.suite.app;
    let code = store(app);
    app.migrate_contract(
        sender.clone(),
        billing.contract.clone(),
        &MigrateMsg {},
        code,
    )
}

#[test]
fn migration_moves_forward_and_keeps_the_books() -> StdResult<()> {
    let mut billing = stamped(CONTRACT_NAME, "0.2.0")?;
    let (admin, books) = (billing.chain.suite.admin.clone(), billing.books());
    let response = migrate(&mut billing, &admin)?;
    let announced = [
        ("action", "migrated"),
        ("from", "0.2.0"),
        ("to", CONTRACT_VERSION),
    ];
    assert_event(&response, &billing.contract, &announced);
    assert_eq!(billing.books(), books);
    Ok(())
}

#[test]
fn migration_by_others_or_backward_is_refused() -> StdResult<()> {
    let mut billing = stamped(CONTRACT_NAME, "0.0.9")?;
    let before = billing.chain.suite.state(&billing.contract);
    for sender in [
        billing.chain.suite.operator.clone(),
        billing.treasury.clone(),
    ] {
        let error = migrate(&mut billing, &sender).unwrap_err().to_string();
        assert!(error.contains("Only admin can migrate"), "{error}");
    }
    assert_eq!(billing.chain.suite.state(&billing.contract), before);
    let mut newer = stamped(CONTRACT_NAME, "10.0.0")?;
    let admin = newer.chain.suite.admin.clone();
    let expected = VersionError::Downgrade {
        from: "10.0.0".into(),
        to: CONTRACT_VERSION.into(),
    };
    assert_refused(migrate(&mut newer, &admin), &expected);
    Ok(())
}
