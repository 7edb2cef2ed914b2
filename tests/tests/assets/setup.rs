//! Instantiation and migration.

use cosmwasm_std::{StdResult, Uint64};
use cw_multi_test::Executor;
use gridweave_assets::{CONTRACT_NAME, CONTRACT_VERSION};
use gridweave_testkit::assets::send::{credit, pay_out};
use gridweave_testkit::assets::{Assets, PRICE_LIMIT, instantiate, sell, store, terms};
use gridweave_testkit::billing::Billing;
use gridweave_testkit::{assert_event, assert_refused};
use gridweave_types::assets::{
    ConfigResponse, ExecuteMsg, InstantiateMsg, MigrateMsg, Payee, QueryMsg,
};
use gridweave_types::version::VersionError;

#[test]
fn the_terms_are_kept() -> StdResult<()> {
    let assets = Assets::new(1);
    let config: ConfigResponse = assets.ask(&QueryMsg::Config {})?;
    assert_eq!(config.billing, Some(assets.billing.contract.clone()));
    assert_eq!(config.grid, assets.billing.chain.suite.grid);
    assert_eq!(u64::from(config.genesis), assets.billing.genesis);
    assert_eq!(config.price_limit.u64(), PRICE_LIMIT);
    Ok(())
}

/// Asserts that the terms are refused once `change` has been at them.
#[track_caller]
fn refused(change: impl FnOnce(&mut InstantiateMsg), expected: &str) {
    let mut billing = Billing::new(1);
    let mut message = terms(&billing);
    change(&mut message);
    let admin = billing.chain.suite.admin.clone();
    let made = instantiate(&mut billing.chain.suite.app, &admin, &message);
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
        |terms| terms.price_limit = Uint64::zero(),
        "price_limit is 0, expected 1 to 1000000000000",
    );
    refused(
        |terms| terms.price_limit = Uint64::new(1_000_000_000_001),
        "price_limit is 1000000000001, expected 1 to 1000000000000",
    );
}

#[test]
fn billing_counts_the_same_intervals_and_coins() {
    refused(
        |terms| terms.denom = "uother".into(),
        "denom is uother, expected umoney as in billing",
    );
    refused(
        |terms| terms.interval_seconds = 60,
        "interval_seconds is 60, expected 900 as in billing",
    );
    refused(
        |terms| terms.genesis = 7,
        &format!(
            "genesis is 7, expected {} as in billing",
            Billing::new(1).genesis
        ),
    );
    refused(
        |terms| terms.price_limit = Uint64::new(10_000_001),
        "price_limit is 10000001, expected 1 to 10000000",
    );
}

#[test]
fn without_billing_accounts_are_neither_credited_nor_topped_up() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    let mut message = terms(&assets.billing);
    message.billing = None;
    let suite = &mut assets.billing.chain.suite;
    let admin = suite.admin.clone();
    assets.contract = instantiate(&mut suite.app, &admin, &message).expect("it may stand alone");
    assets.issue(&[(&ann, sell("0"), 5)]).expect("it is safe");
    assets.fund(&ann, 5).expect("coins");
    assets.return_money(&ann, 5).expect("her own");
    let (operator, home) = (assets.operator.clone(), assets.billing.home(0));
    let expected = "billing: the contract was instantiated without one";
    assets.refuses(&operator, &credit(&[(&home, 0, 1)]), expected);
    let account = Payee::Account(home.to_string());
    assets.refuses(&operator, &pay_out(&[(account, 5)]), expected);
    let address = Payee::Address(home.to_string());
    assets
        .pay_out(&[(address, 5)])
        .expect("coins need no account");
    assets.assert_conserved();
}

#[test]
fn there_is_room_for_so_many_markets() {
    let mut assets = Assets::new(1);
    let register = |name: String| ExecuteMsg::RegisterMarket { market: name };
    for number in 1..32 {
        let market = assets.billing.chain.suite.address(&format!("m{number}"));
        assets
            .operate(&register(market.into()))
            .expect("there is room");
    }
    let operator = assets.operator.clone();
    let one_more = register(operator.to_string());
    let expected = "number of markets is 33, expected at most 32";
    assets.refuses(&operator, &one_more, expected);
}

#[test]
fn state_moves_forward_only() {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    assets.issue(&[(&ann, sell("0-3"), 5)]).expect("it is safe");
    let suite = &mut assets.billing.chain.suite;
    let (admin, contract) = (suite.admin.clone(), assets.contract.clone());
    let code = store(&mut suite.app);
    let migrate = |app: &mut cw_multi_test::App| {
        app.migrate_contract(admin.clone(), contract.clone(), &MigrateMsg {}, code)
    };
    let response = migrate(&mut suite.app).expect("the same version");
    let announced = [
        ("action", "migrated"),
        ("from", CONTRACT_VERSION),
        ("to", CONTRACT_VERSION),
    ];
    assert_event(&response, &contract, &announced);
    let mut storage = suite.app.contract_storage_mut(&contract);
    cw2::set_contract_version(storage.as_mut(), CONTRACT_NAME, "99.0.0").expect("stamped");
    drop(storage);
    let expected = VersionError::Downgrade {
        from: "99.0.0".into(),
        to: CONTRACT_VERSION.into(),
    };
    assert_refused(migrate(&mut suite.app), &expected);
    assert_eq!(assets.permit(&ann, sell("0-3")), 5);
}
