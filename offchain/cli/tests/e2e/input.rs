//! Addresses and keys that cannot work: one clear line each, before anything is written.

use crate::common::network::fresh;
use crate::common::site::{chain_options, new_key};
use crate::common::{gridweave, refusal};

#[test]
fn chains_that_cannot_be_reached_are_explained() {
    let folder = fresh("e2e-input");
    let (key, deployment) = (folder.join("operator.key"), folder.join("deployment.json"));
    new_key(&key);
    for (url, expected) in [
        (
            "http://127.0.0.1:1",
            "node http://127.0.0.1:1 cannot be reached",
        ),
        ("ftp://x", "'ftp://x' is not usable: expected"),
        ("x", "'x' is not usable: expected"),
    ] {
        let options = chain_options(url, &key, &deployment, &folder);
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let out = folder.join("out");
        let run = ["run", "quick", "--out", out.to_str().unwrap()];
        for command in [&run[..], &["deploy"]] {
            let said = refusal(&gridweave(&[command, &options].concat()));
            assert!(said.contains(&format!("--chain {url}")), "{said}");
            assert!(said.contains(expected), "{said}");
        }
        assert!(!deployment.exists());
        assert!(!out.join("actors").exists());
    }
}

#[test]
fn a_chain_elsewhere_needs_a_key() {
    let chain = ["--chain", "http://127.0.0.1:1"];
    for command in [&["run", "quick"][..], &["deploy"]] {
        let said = refusal(&gridweave(&[command, &chain].concat()));
        assert!(
            said.contains("--chain http://127.0.0.1:1 needs --key FILE"),
            "{said}"
        );
    }
}
