//! Who takes part.

use cosmwasm_std::Uint64;
use gridweave_testkit::crowdsourcing::{Crowd, preferences};
use gridweave_types::crowdsourcing::{
    Device, DeviceKind, EnrolmentState, EnrolmentsResponse, ExecuteMsg, Kind, MAX_DEVICES, QueryMsg,
};
use gridweave_types::grid::ExecuteMsg as GridMsg;

fn enrol(devices: usize) -> ExecuteMsg {
    let device = Device {
        kind: DeviceKind::Battery,
        power: Uint64::new(3_000),
        energy: Uint64::new(12_000),
        window: None,
    };
    ExecuteMsg::Enrol {
        kind: Kind::Type2,
        devices: vec![device; devices],
    }
}

#[test]
fn an_account_asks_and_the_operator_decides() {
    let mut crowd = Crowd::new(3);
    crowd.home(2, &enrol(2)).expect("a registered account");
    let asked = crowd.enrolment(2).expect("it has asked");
    assert_eq!(
        (asked.state, asked.devices.len()),
        (EnrolmentState::Requested, 2)
    );
    let home = crowd.billing.home(2);
    let again = format!("enrolment of {home} is requested, expected refused or revoked");
    crowd.refuses_home(2, &enrol(1), &again);
    let account = home.to_string();
    let refuse = ExecuteMsg::RefuseEnrolment {
        account: account.clone(),
    };
    let operator = crowd.billing.chain.suite.operator.clone();
    let stranger = crowd.billing.home(0);
    crowd.refuses(
        &stranger,
        &refuse,
        &format!("sender: {stranger} is not the operator"),
    );
    crowd.send(&operator, &refuse, 0).expect("a request");
    crowd.refuses_operator(
        &ExecuteMsg::ApproveEnrolment { account },
        &format!("enrolment of {home} is refused, expected requested"),
    );
    // A refused account may ask again.
    crowd.home(2, &enrol(0)).expect("refused before");
    crowd.approve(2).expect("a request");
    assert_eq!(
        crowd.enrolment(2).expect("enrolled").state,
        EnrolmentState::Enrolled
    );
}

#[test]
fn only_registered_accounts_with_few_devices_ask() {
    let mut crowd = Crowd::new(2);
    let stranger = crowd.billing.chain.suite.address("stranger");
    let expected = format!("account: {stranger} is not registered in grid");
    crowd.refuses(&stranger, &enrol(0), &expected);
    let expected = format!(
        "devices is {}, expected 0 to {MAX_DEVICES}",
        MAX_DEVICES + 1
    );
    crowd.refuses_home(1, &enrol(MAX_DEVICES + 1), &expected);
    let treasury = crowd.billing.treasury.clone();
    let expected = format!("account is {treasury}, expected not the grid account of billing");
    crowd.refuses(&treasury, &enrol(0), &expected);
    let account = stranger.to_string();
    crowd.refuses_operator(
        &ExecuteMsg::ApproveEnrolment { account },
        &format!("enrolment: {stranger} does not exist"),
    );
}

#[test]
fn whoever_left_grid_is_not_approved() {
    let mut crowd = Crowd::new(3);
    crowd.enrol(2, Kind::Type2).expect("a registered account");
    let home = crowd.billing.home(2);
    let address = home.to_string();
    let operator = crowd.billing.chain.suite.operator.clone();
    let remove = GridMsg::RemoveAccount {
        address: address.clone(),
    };
    crowd
        .billing
        .chain
        .suite
        .on_grid(&operator, &remove)
        .expect("an account");
    crowd.refuses_operator(
        &ExecuteMsg::ApproveEnrolment { account: address },
        &format!("account: {home} is not registered in grid"),
    );
}

#[test]
fn the_operator_revokes_anybody_and_an_account_itself() {
    let mut crowd = Crowd::running(4);
    let (two, three) = (crowd.billing.home(2), crowd.billing.home(3));
    let other = ExecuteMsg::RevokeEnrolment {
        account: Some(two.to_string()),
    };
    crowd.refuses_home(3, &other, &format!("sender: {three} is not the operator"));
    crowd.revoke(2).expect("enrolled");
    let leave = ExecuteMsg::RevokeEnrolment { account: None };
    crowd.home(3, &leave).expect("its own");
    crowd.refuses_home(
        3,
        &leave,
        &format!("enrolment of {three} is revoked, expected requested or enrolled"),
    );
    for number in [2, 3] {
        assert_eq!(
            crowd.enrolment(number).expect("known").state,
            EnrolmentState::Revoked
        );
        let task = crowd.task(number, 2, 0);
        let home = crowd.billing.home(number);
        let tasks = ExecuteMsg::OfferTasks {
            programme: 1,
            tasks: vec![task],
        };
        crowd.refuses_operator(
            &tasks,
            &format!("account: {home} is not enrolled as type 2"),
        );
    }
}

#[test]
fn nobody_takes_part_before_approval() {
    let mut crowd = Crowd::new(3);
    let terms = crowd.terms();
    crowd.create(terms, &[1; 4]).expect("a programme");
    crowd.enrol(2, Kind::Type2).expect("a registered account");
    let home = crowd.billing.home(2);
    let preferences = ExecuteMsg::SubmitPreferences {
        programme: 1,
        preferences: preferences(),
    };
    let expected = format!("account: {home} is not enrolled as a crowdsourcee");
    crowd.refuses_home(2, &preferences, &expected);
    crowd.refuses_home(
        0,
        &preferences,
        &format!(
            "account: {} is not enrolled as a crowdsourcee",
            crowd.billing.home(0)
        ),
    );
}

#[test]
fn enrolments_are_listed_in_the_order_of_their_requests() {
    let mut crowd = Crowd::new(5);
    for number in [3, 0, 4, 1] {
        crowd
            .enrol(number, Kind::Type1)
            .expect("a registered account");
    }
    let page = |start_after, limit| -> Vec<_> {
        let question = QueryMsg::Enrolments { start_after, limit };
        let answer: EnrolmentsResponse = crowd.ask(&question).expect("a page");
        answer
            .enrolments
            .into_iter()
            .map(|found| found.account)
            .collect()
    };
    let [three, zero, four, one] = [3, 0, 4, 1].map(|number| crowd.billing.home(number));
    assert_eq!(page(None, Some(2)), [three, zero.clone()]);
    assert_eq!(page(Some(zero.to_string()), None), [four, one]);
}
