//! The contracts' wasm files.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use super::{lock, missing_tool, text};

/// The contracts that are deployed.
const FILES: [&str; 6] = [
    "gridweave_grid.wasm",
    "gridweave_coordinator.wasm",
    "gridweave_billing.wasm",
    "gridweave_assets.wasm",
    "gridweave_market.wasm",
    "gridweave_crowdsourcing.wasm",
];

/// The checkout.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    fs::canonicalize(root).unwrap()
}

/// `artifacts/`, built now if the checkout has none yet: that takes minutes, and only a build
/// before the tests makes sure that they are of the present code.
///
/// # Errors
/// A tool is missing; the text says which.
pub fn artifacts() -> Result<PathBuf, String> {
    static BUILD: Mutex<()> = Mutex::new(());
    let _guard = lock(&BUILD);
    let (root, folder) = (root(), root().join("artifacts"));
    if FILES.iter().all(|file| folder.join(file).is_file()) {
        return Ok(folder);
    }
    let script = root.join("scripts/build-wasm");
    let build = Command::new(script).stdin(Stdio::null()).output().unwrap();
    if build.status.success() {
        return Ok(folder);
    }
    let said = text(&build.stderr);
    Err(missing_tool(&said).unwrap_or_else(|| panic!("scripts/build-wasm: {said}")))
}

/// A copy of `artifacts` in `folder`, with the `grid` contract of version 0.1.0.
pub fn with_old_grid(artifacts: &Path, folder: &Path) -> PathBuf {
    let old = folder.join("old-artifacts");
    fs::create_dir_all(&old).unwrap();
    let [grid, others @ ..] = FILES;
    for file in others {
        fs::copy(artifacts.join(file), old.join(file)).unwrap();
    }
    let packed = root().join("tests/wasm/gridweave_grid-0.1.0.wasm.gz");
    let unpacked = Command::new("gzip").arg("-dc").arg(packed).output();
    let unpacked = unpacked.unwrap();
    assert!(unpacked.status.success(), "{}", text(&unpacked.stderr));
    fs::write(old.join(grid), unpacked.stdout).unwrap();
    old
}
