//! Preferences: submitted, amended, too late.

use cosmwasm_std::{Int64, Uint64};
use gridweave_testkit::crowdsourcing::{Crowd, preferences};
use gridweave_types::crowdsourcing::{
    ExecuteMsg, PreferencePage, Preferences, PreferencesResponse, ProgrammeResponse, QueryMsg,
    Window,
};

/// What makes preferences wrong.
type Change = &'static dyn Fn(&mut Preferences);

fn submit(preferences: Preferences) -> ExecuteMsg {
    ExecuteMsg::SubmitPreferences {
        programme: 1,
        preferences,
    }
}

#[test]
fn preferences_are_amended_until_the_deadline() {
    let mut crowd = Crowd::running(3);
    let mut amended = preferences();
    amended.export.price = Int64::new(170_000);
    let until = crowd.billing.now();
    // `running` ends on the deadline, the first second that is too late.
    let expected = format!("preferences was open until {until}, now is {until}");
    crowd.refuses_home(2, &submit(amended.clone()), &expected);

    let mut crowd = Crowd::enrolled(3);
    let terms = crowd.terms();
    crowd.create(terms, &[1; 4]).expect("a programme");
    crowd.prefer(2, 1, preferences()).expect("in time");
    crowd.prefer(2, 1, amended.clone()).expect("in time");
    crowd.prefer(0, 1, preferences()).expect("in time");
    let account = crowd.billing.home(2).to_string();
    let question = QueryMsg::Preferences {
        programme: 1,
        account,
    };
    let found: PreferencesResponse = crowd.ask(&question).expect("submitted");
    assert_eq!((found.amended, found.preferences), (1, amended));
    let found: ProgrammeResponse = crowd
        .ask(&QueryMsg::Programme { programme: 1 })
        .expect("one");
    assert_eq!(found.participants, 2);
    let question = QueryMsg::AllPreferences {
        programme: 1,
        start_after: None,
        limit: None,
    };
    let page: PreferencePage = crowd.ask(&question).expect("a page");
    let accounts: Vec<_> = page
        .preferences
        .iter()
        .map(|row| row.account.clone())
        .collect();
    assert_eq!(accounts, [crowd.billing.home(0), crowd.billing.home(2)]);
}

#[test]
fn preferences_out_of_range_are_refused() {
    let mut crowd = Crowd::enrolled(3);
    let terms = crowd.terms();
    crowd.create(terms, &[1; 4]).expect("a programme");
    let cases: [(Change, &str); 5] = [
        (&|x| x.windows.clear(), "windows is 0, expected 1 to 8"),
        (
            &|x| x.windows = vec![Window { first: 2, last: 6 }],
            "windows.last is 6, expected 2 to 5",
        ),
        (
            &|x| x.export.energy = Uint64::MAX,
            "export.energy is 18446744073709551615, expected 0 to 1000000",
        ),
        (
            &|x| x.import.price = Int64::MIN,
            "import.price is -9223372036854775808, expected at most 10000000 either way",
        ),
        (
            &|x| x.energy = Uint64::new(4_000_001),
            "energy is 4000001, expected 0 to 4000000",
        ),
    ];
    for (change, expected) in cases {
        let mut wrong = preferences();
        change(&mut wrong);
        crowd.refuses_home(2, &submit(wrong), expected);
    }
    let unknown = ExecuteMsg::SubmitPreferences {
        programme: 9,
        preferences: preferences(),
    };
    crowd.refuses_home(2, &unknown, "programme: 9 does not exist");
}
