//! Instantiation and migration.

use cosmwasm_std::Uint64;
use gridweave_testkit::assert_refused;
use gridweave_testkit::billing::Billing;
use gridweave_testkit::crowdsourcing::{Crowd, DAY, INCENTIVE_LIMIT, instantiate, store};
use gridweave_types::crowdsourcing::{ConfigResponse, MAX_DAY, MigrateMsg, QueryMsg};

#[test]
fn clock_denom_and_limits_are_those_of_billing() {
    let crowd = Crowd::new(2);
    let config: ConfigResponse = crowd.ask(&QueryMsg::Config {}).expect("it is fixed");
    let billing = &crowd.billing;
    assert_eq!(config.billing, billing.contract);
    assert_eq!(config.grid, billing.chain.suite.grid);
    assert_eq!(u64::from(config.genesis), billing.genesis);
    assert_eq!(config.treasury, billing.treasury);
    assert_eq!(config.day_intervals, DAY);
    assert_eq!(config.incentive_limit.u64(), INCENTIVE_LIMIT);
}

#[test]
fn terms_out_of_range_are_refused() {
    let mut billing = Billing::new(1);
    let refused = instantiate(&mut billing, |terms| terms.day_intervals = 0);
    assert_refused(
        refused,
        &format!("day_intervals is 0, expected 1 to {MAX_DAY}"),
    );
    for limit in [0, 10_000_001] {
        let refused = instantiate(&mut billing, |terms| {
            terms.incentive_limit = Uint64::new(limit);
        });
        let expected = format!("incentive_limit is {limit}, expected 1 to 10000000");
        assert_refused(refused, &expected);
    }
    let refused = instantiate(&mut billing, |terms| terms.billing = "nobody".into());
    let error = refused.unwrap_err().to_string();
    assert!(
        error.contains("billing: 'nobody' is not an address"),
        "{error}"
    );
    let grid = billing.chain.suite.grid.to_string();
    assert!(instantiate(&mut billing, |terms| terms.billing = grid).is_err());
}

#[test]
fn the_same_version_is_taken_over_and_state_kept() {
    let mut crowd = Crowd::running(3);
    let before = crowd.billing.chain.suite.state(&crowd.contract);
    let code = store(&mut crowd.billing.chain.suite.app);
    let (admin, contract) = (
        crowd.billing.chain.suite.admin.clone(),
        crowd.contract.clone(),
    );
    let app = &mut crowd.billing.chain.suite.app;
    use cw_multi_test::Executor;
    app.migrate_contract(admin, contract.clone(), &MigrateMsg {}, code)
        .expect("the same version");
    let stranger = crowd.billing.home(0);
    let app = &mut crowd.billing.chain.suite.app;
    let refused = app.migrate_contract(stranger, contract, &MigrateMsg {}, code);
    assert!(refused.is_err());
    assert_eq!(crowd.billing.chain.suite.state(&crowd.contract), before);
}
