//! Day-ahead contracts of generators and Type 1.

use gridweave_testkit::assert_refused;
use gridweave_testkit::billing::attribute;
use gridweave_testkit::crowdsourcing::{Crowd, DAY, FIRST, GENERATOR, TYPE_1, preferences};
use gridweave_types::billing::pack_readings;
use gridweave_types::crowdsourcing::{
    AgreementState, AgreementsResponse, ExecuteMsg, Ledger, QueryMsg, Term, Terms,
};

const SETPOINTS: [i64; 4] = [500, 0, -300, 2_000];

fn accept(agreement: u64) -> ExecuteMsg {
    ExecuteMsg::AcceptAgreement {
        agreement: agreement.into(),
    }
}

#[test]
fn preferences_sign_an_agreement_for_a_day() {
    let mut crowd = Crowd::running(3);
    let sent = crowd
        .propose(crowd.proposal(TYPE_1, Term::Day, &SETPOINTS))
        .expect("in time");
    let own = sent
        .events
        .iter()
        .find(|event| event.ty == "wasm")
        .expect("an action");
    assert_eq!(attribute(own, "signed_ahead"), "true");
    let found = crowd.agreement(1);
    assert_eq!(
        (found.state, found.first, found.last),
        (AgreementState::Accepted, FIRST, FIRST + DAY - 1)
    );
    assert_eq!(crowd.billing.line(TYPE_1, FIRST + 2).energy.i64(), -300);
    assert_eq!(
        crowd
            .billing
            .line(TYPE_1, FIRST + 3)
            .high
            .expect("a price")
            .i64(),
        150_000
    );
    let totals = crowd.ledger(Ledger::Programme { programme: 1 }).totals;
    assert_eq!((totals.agreed.i64(), totals.paid.u128()), (2_200, 0));
    crowd.assert_books_balance();
}

#[test]
fn anything_beyond_the_preferences_waits_for_a_signature() {
    let mut crowd = Crowd::running(3);
    // Too cheap to inject; too long a term; all the energy that there is, which is allowed.
    let mut cheap = crowd.proposal(TYPE_1, Term::Day, &SETPOINTS);
    cheap.rate = 99_999.into();
    let long = crowd.proposal(TYPE_1, Term::Month, &SETPOINTS);
    let much = crowd.proposal(TYPE_1, Term::Day, &[2_000, 2_000, 2_000, 2_000]);
    let mut states = Vec::new();
    for (proposal, number) in [cheap, long, much].into_iter().zip(1..) {
        crowd.propose(proposal).expect("in time");
        states.push(crowd.agreement(number).state);
    }
    use AgreementState::{Accepted, Proposed};
    assert_eq!(states, [Proposed, Proposed, Accepted]);
    // The third took all intervals, so the others cannot be signed any more.
    let home = crowd.billing.home(TYPE_1);
    let expected = format!("setpoints: {home} has agreement 3 for interval 2 already");
    crowd.refuses_home(TYPE_1, &accept(1), &expected);
}

#[test]
fn the_accounts_message_is_its_signature() {
    let mut crowd = Crowd::running(4);
    crowd
        .propose(crowd.proposal(GENERATOR, Term::Year, &SETPOINTS))
        .expect("in time");
    assert_eq!(crowd.agreement(1).state, AgreementState::Proposed);
    let own = crowd.billing.home(GENERATOR);
    let other = crowd.billing.home(2);
    crowd.refuses_home(2, &accept(1), &format!("sender: {other} is not {own}"));
    crowd.home(GENERATOR, &accept(1)).expect("its own");
    assert_eq!(crowd.billing.line(GENERATOR, FIRST).energy.i64(), 500);
    crowd.refuses_home(
        GENERATOR,
        &accept(1),
        "agreement 1 is accepted, expected proposed",
    );
    let decline = ExecuteMsg::DeclineAgreement {
        agreement: 1u64.into(),
    };
    crowd.refuses_home(
        GENERATOR,
        &decline,
        "agreement 1 is accepted, expected proposed",
    );
}

#[test]
fn a_proposal_is_declined_or_ends_when_its_programme_begins() {
    let mut crowd = Crowd::running(3);
    for number in [GENERATOR, TYPE_1] {
        crowd
            .propose(crowd.proposal(number, Term::Month, &SETPOINTS))
            .expect("in time");
    }
    let decline = ExecuteMsg::DeclineAgreement {
        agreement: 1u64.into(),
    };
    crowd.home(GENERATOR, &decline).expect("its own");
    crowd.refuses_home(
        GENERATOR,
        &accept(1),
        "agreement 1 is declined, expected proposed",
    );
    crowd.billing.at(FIRST, 0);
    assert_eq!(crowd.agreement(2).state, AgreementState::Expired);
    crowd.refuses_home(
        TYPE_1,
        &accept(2),
        "agreement 2 is expired, expected proposed",
    );
    let now = crowd.billing.now();
    let late = crowd.propose(crowd.proposal(TYPE_1, Term::Day, &SETPOINTS));
    assert_refused(
        late,
        &format!("agreements was open until {now}, now is {now}"),
    );
}

#[test]
fn who_proposes_what_to_whom_is_checked() {
    let mut crowd = Crowd::running(3);
    let home = crowd.billing.home(2);
    let refused = crowd.propose(crowd.proposal(2, Term::Day, &SETPOINTS));
    assert_refused(
        refused,
        &format!("account: {home} is not enrolled as type 1 or a generator"),
    );
    let short = crowd.propose(crowd.proposal(TYPE_1, Term::Day, &[1, 2, 3]));
    assert_refused(
        short,
        &"setpoints is 24 bytes, expected 8 bytes for each of 4",
    );
    let one = crowd.billing.home(TYPE_1);
    let large = crowd.propose(crowd.proposal(TYPE_1, Term::Day, &[0, 0, -2_001, 0]));
    assert_refused(
        large,
        &format!("setpoints: -2001 for {one} in interval 4, expected -2000 to 2000"),
    );
    let proposal = crowd.proposal(TYPE_1, Term::Day, &SETPOINTS);
    let message = ExecuteMsg::ProposeAgreement {
        programme: 1,
        proposal,
    };
    crowd.refuses_home(
        TYPE_1,
        &message,
        &format!("sender: {one} is not the operator"),
    );
    let mut dear = crowd.proposal(TYPE_1, Term::Day, &SETPOINTS);
    dear.rate = i64::MIN.into();
    let expected = "proposal.rate is -9223372036854775808, expected at most 10000000 either way";
    assert_refused(crowd.propose(dear), &expected);
}

/// Programme 2 from the interval after programme 1 on; an agreement for `term` in force.
fn later(term: Term) -> Crowd {
    let mut crowd = Crowd::running(3);
    crowd
        .propose(crowd.proposal(TYPE_1, term, &SETPOINTS))
        .expect("in time");
    if crowd.agreement(1).state == AgreementState::Proposed {
        crowd.home(TYPE_1, &accept(1)).expect("its own");
    }
    let terms = Terms {
        first: FIRST + 4,
        length: 6,
        ..crowd.terms()
    };
    crowd.create(terms, &[1; 6]).expect("a programme");
    crowd
}

fn apply(setpoints: &[i64]) -> ExecuteMsg {
    ExecuteMsg::UseAgreement {
        agreement: 1u64.into(),
        programme: 2,
        setpoints: pack_readings(setpoints),
    }
}

#[test]
fn an_agreement_in_force_serves_later_programmes() {
    let mut crowd = later(Term::Month);
    crowd
        .operate(&apply(&[700, 0, 0, 0, 0, -1]))
        .expect("within its limits");
    assert_eq!(crowd.billing.line(TYPE_1, FIRST + 4).energy.i64(), 700);
    let home = crowd.billing.home(TYPE_1);
    let again = format!("setpoints: {home} has agreement 1 for interval 6 already");
    crowd.refuses_operator(&apply(&[1, 0, 0, 0, 0, 0]), &again);
    let beyond = format!("setpoints: 2001 for {home} in interval 7, expected -2000 to 2000");
    crowd.refuses_operator(&apply(&[0, 2_001, 0, 0, 0, 0]), &beyond);
    crowd.refuses_home(
        TYPE_1,
        &apply(&[0; 6]),
        &format!("sender: {home} is not the operator"),
    );
    crowd.revoke(TYPE_1).expect("enrolled");
    let gone = format!("account: {home} is not enrolled as type 1 or a generator");
    crowd.refuses_operator(&apply(&[0, 1, 0, 0, 0, 0]), &gone);
    crowd.assert_books_balance();
}

#[test]
fn an_agreement_ends_with_its_term() {
    let mut crowd = later(Term::Day);
    crowd.refuses_operator(&apply(&[1; 6]), "interval: 11, expected 2 to 9");
    crowd.billing.at(FIRST + DAY, 0);
    crowd.refuses_operator(&apply(&[1; 6]), "agreement 1 is expired, expected accepted");
}

#[test]
fn preferences_of_a_later_programme_bind_its_setpoints() {
    let mut crowd = Crowd::running(3);
    crowd
        .propose(crowd.proposal(TYPE_1, Term::Month, &SETPOINTS))
        .expect("in time");
    crowd.home(TYPE_1, &accept(1)).expect("its own");
    let until = (crowd.billing.now() + 10).into();
    let terms = Terms {
        first: FIRST + 4,
        preferences_until: until,
        ..crowd.terms()
    };
    crowd.create(terms, &[1; 4]).expect("a programme");
    let mut wanted = preferences();
    wanted.windows[0].first = FIRST + 5;
    wanted.windows[0].last = FIRST + 5;
    crowd.prefer(TYPE_1, 2, wanted).expect("in time");
    crowd.billing.at(0, 10);
    let home = crowd.billing.home(TYPE_1);
    let expected = format!("energy: 5 for {home} in interval 6, expected 0: not available then");
    crowd.refuses_operator(&apply(&[5, 0, 0, 0]), &expected);
    crowd.operate(&apply(&[0, 5, 0, 0])).expect("available");
}

#[test]
fn agreements_are_listed() {
    let mut crowd = Crowd::running(3);
    for number in [GENERATOR, TYPE_1, GENERATOR] {
        crowd
            .propose(crowd.proposal(number, Term::Month, &SETPOINTS))
            .expect("in time");
    }
    let numbers = |question: &QueryMsg| -> Vec<u64> {
        let page: AgreementsResponse = crowd.ask(question).expect("a page");
        page.agreements
            .iter()
            .map(|found| found.agreement)
            .collect()
    };
    let start_after = Some(1u64.into());
    let all = QueryMsg::Agreements {
        start_after,
        limit: Some(1),
    };
    assert_eq!(numbers(&all), [2]);
    let account = crowd.billing.home(GENERATOR).to_string();
    let own = QueryMsg::AccountAgreements {
        account,
        start_after: None,
        limit: None,
    };
    assert_eq!(numbers(&own), [1, 3]);
}
