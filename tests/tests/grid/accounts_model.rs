//! Random histories of accounts against a plain model.

use std::collections::BTreeMap;

use gridweave_testkit::Suite;
use gridweave_testkit::fixtures::{meter_key, prosumer};
use gridweave_types::grid::{Account, AccountInput};
use proptest::prelude::*;

/// Feeders 1 and 2 with buses 1 and 2 each.
fn suite() -> Suite {
    let mut suite = Suite::new();
    suite.feeder_with_buses(1, 1);
    suite.feeder_with_buses(2, 1);
    suite
}

/// What a random history does next, on one of a few names, feeders and keys.
#[derive(Clone, Debug)]
enum Step {
    Register(u8, u32, Option<u8>),
    Remove(u8),
    SetKey(u8, Option<u8>),
}

fn step() -> impl Strategy<Value = Step> {
    let (name, key) = (0..5u8, proptest::option::of(0..4u8));
    prop_oneof![
        3 => (name.clone(), 1..3u32, key.clone()).prop_map(|(n, f, k)| Step::Register(n, f, k)),
        1 => name.clone().prop_map(Step::Remove),
        2 => (name, key).prop_map(|(n, k)| Step::SetKey(n, k)),
    ]
}

/// The register in its plainest form: feeder and key by name.
#[derive(Default)]
struct Model(BTreeMap<u8, (u32, Option<u8>)>);

impl Model {
    fn key_is_free(&self, name: u8, key: Option<u8>) -> bool {
        let mut others = self.0.iter().filter(|(holder, _)| **holder != name);
        key.is_none() || others.all(|(_, (_, held))| *held != key)
    }

    /// Takes the step when it is allowed; tells whether it was.
    fn take(&mut self, step: &Step) -> bool {
        match *step {
            Step::Register(name, feeder, key) => {
                let allowed = !self.0.contains_key(&name) && self.key_is_free(name, key);
                if allowed {
                    self.0.insert(name, (feeder, key));
                }
                allowed
            }
            Step::Remove(name) => self.0.remove(&name).is_some(),
            Step::SetKey(name, key) => {
                let free = self.key_is_free(name, key);
                match self.0.get_mut(&name) {
                    Some(entry) if free => {
                        entry.1 = key;
                        true
                    }
                    _ => false,
                }
            }
        }
    }
}

fn send(suite: &mut Suite, step: &Step) -> bool {
    let address = |name: u8| suite.address(&format!("home {name}"));
    match *step {
        Step::Register(name, feeder, key) => {
            let input = AccountInput {
                meter_key: key.map(meter_key),
                ..prosumer(&address(name), feeder, 2)
            };
            suite.register_accounts(vec![input]).is_ok()
        }
        Step::Remove(name) => suite.remove_account(&address(name)).is_ok(),
        Step::SetKey(name, key) => suite
            .set_meter_key(&address(name), key.map(meter_key))
            .is_ok(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Accounts, their index by feeder and the keys agree after any history.
    #[test]
    fn the_register_matches_its_model(steps in proptest::collection::vec(step(), 1..40)) {
        let (mut suite, mut model) = (suite(), Model::default());
        for step in &steps {
            prop_assert_eq!(send(&mut suite, step), model.take(step), "{:?}", step);
        }
        let mut expected: Vec<_> = model
            .0
            .iter()
            .map(|(name, (feeder, key))| {
                (suite.address(&format!("home {name}")), *feeder, key.map(meter_key))
            })
            .collect();
        expected.sort();
        let flat = |accounts: Vec<Account>| -> Vec<_> {
            accounts.into_iter().map(|a| (a.address, a.feeder, a.meter_key)).collect()
        };
        prop_assert_eq!(flat(suite.accounts(None, None).unwrap()), expected.clone());
        for feeder in [1, 2] {
            let on_feeder: Vec<_> =
                expected.iter().filter(|(_, on, _)| *on == feeder).cloned().collect();
            let found = flat(suite.feeder_accounts(feeder, None, None).unwrap());
            prop_assert_eq!(found, on_feeder);
        }
    }
}
