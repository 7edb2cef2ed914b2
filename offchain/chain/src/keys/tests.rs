use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

/// A published test vector: the secret 1.
const ONE: &str = "0000000000000000000000000000000000000000000000000000000000000001";

fn key_file(text: &str, mode: u32) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent.key");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    (folder, path)
}

fn refusal(path: PathBuf) -> String {
    let refused = SecretKey::load(&KeySource::File(path));
    refused.unwrap_err().to_string()
}

#[test]
fn an_address_is_the_hash_of_the_public_key() {
    let key = SecretKey::from_hex(ONE, "test").unwrap();
    // ripemd160(sha256(compressed generator)) is 751e76e8199196d454941c45d1b3a323f1433bd6.
    let account: cosmrs::AccountId = key.address().unwrap().parse().unwrap();
    assert_eq!(account.prefix(), "wasm");
    let hash = crate::hex::encode(&account.to_bytes());
    assert_eq!(hash, "751e76e8199196d454941c45d1b3a323f1433bd6");
}

#[test]
fn a_key_file_comes_back_and_is_its_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("agent.key");
    let key = SecretKey::random().unwrap();
    key.create_file(&path).unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let read = SecretKey::load(&KeySource::File(path)).unwrap();
    assert_eq!(read.address().unwrap(), key.address().unwrap());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn random_keys_differ() {
    let [one, other] = [(); 2].map(|()| SecretKey::random().unwrap().address().unwrap());
    assert_ne!(one, other);
}

#[test]
fn an_existing_key_file_is_kept() {
    let (folder, path) = key_file(ONE, 0o600);
    let refused = SecretKey::random().unwrap().create_file(&path);
    assert!(
        matches!(refused, Err(KeyError::Exists { .. })),
        "{refused:?}"
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), ONE);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    for mode in [0o640, 0o604, 0o660, 0o644] {
        let (_folder, path) = key_file(ONE, mode);
        let message = refusal(path.clone());
        let advice = format!("chmod 600 {}", path.display());
        assert!(message.contains(&advice), "{message}");
        assert!(message.contains(&format!("{mode:03o}")), "{message}");
    }
}

#[test]
fn malformed_keys_are_named_but_not_shown() {
    let zero = "0".repeat(64);
    let not_hex = format!("{}g", &ONE[1..]);
    for text in ["", "abc", &not_hex, &zero, &"é".repeat(64), &"f".repeat(64)] {
        let (_folder, path) = key_file(text, 0o600);
        let message = refusal(path.clone());
        assert!(message.contains(&path.display().to_string()), "{message}");
        assert!(message.contains("64 hex digits"), "{message}");
        assert!(text.is_empty() || !message.contains(text), "{message}");
    }
}

#[test]
fn a_missing_file_or_variable_is_named() {
    let message = refusal("/nowhere/agent.key".into());
    assert!(message.contains("/nowhere/agent.key"), "{message}");
    let source = KeySource::Env("GRIDWEAVE_NO_SUCH_KEY".into());
    let message = SecretKey::load(&source).unwrap_err().to_string();
    assert!(message.contains("GRIDWEAVE_NO_SUCH_KEY"), "{message}");
}

#[test]
fn debug_output_hides_the_secret() {
    let mut ring = Keyring::new();
    ring.insert("agent", SecretKey::from_hex(ONE, "test").unwrap())
        .unwrap();
    let shown = format!("{ring:?}");
    assert!(
        shown.contains("agent") && shown.contains("hidden"),
        "{shown}"
    );
    assert!(!shown.contains(ONE), "{shown}");
}

#[test]
fn a_ring_lists_its_signers_by_name() {
    let mut ring = Keyring::new();
    for name in ["b", "a"] {
        ring.insert(name, SecretKey::random().unwrap()).unwrap();
    }
    let names: Vec<_> = ring.signers().map(|signer| signer.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
}
