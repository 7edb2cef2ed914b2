//! Solvers as processes, honest and not, on the node.

use crate::common::artifacts::root;
use crate::common::network::Network;
use crate::common::number;
use crate::common::site::Site;

/// The smallest golden book: 4 intervals, 9 offers.
const BOOK: &str = "tests/golden/market/book-10.json";

#[test]
fn a_book_is_solved_by_processes_whatever_an_adversary_does() {
    let Some(network) = Network::shared() else {
        return;
    };
    let site = Site::new(network, "e2e-market");
    let book = root().join(BOOK);
    let clock = ["--interval-seconds", "4", "--lead", "30"];
    let solvers = ["--solvers", "exact,greedy,hostile"];
    let arguments = [&[book.to_str().unwrap()], &clock[..], &solvers].concat();
    let summary = site.run("market", &arguments);
    let energy = 1e3 * number(&summary, "energy_traded_kwh");
    let expected = 1e3 * number(&summary, "expected_energy_kwh");
    assert_eq!(energy.round(), expected.round(), "{summary}");
    assert_eq!(summary["gap"], 0.0, "{summary}");
    assert_eq!(summary["conservation_error"], 0, "{summary}");
    // Three solvers and a keeper.
    assert_eq!(summary["processes"], 4, "{summary}");
    let rejected = &summary["solutions_rejected"];
    for reason in ["energy", "wrong_side"] {
        assert!(number(rejected, reason) >= 1.0, "{summary}");
    }
    assert!(number(&summary, "verify_gas_per_trade") > 0.0, "{summary}");
    let waited = &summary["offer_to_trade_s"];
    assert!(number(waited, "p50") <= number(waited, "p99"), "{summary}");

    // The same deployment does not fit another market.
    let other = [&arguments[..], &["--objective", "welfare"]].concat();
    let refused = site.start("other", &other).wait_with_output().unwrap();
    let said = crate::common::refusal(&refused);
    assert!(said.contains("has other terms"), "{said}");
    assert!(said.contains("(objective)"), "{said}");
}
