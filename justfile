# List the recipes.
default:
    @just --list

# Run a scenario, for example `just run quick --mode lateral`.
run *ARGS='munsing-55':
    cargo run --release -- run {{ ARGS }}

# Everything that continuous integration checks.
check:
    scripts/check

# All tests, those in the documentation included.
test *ARGS:
    cargo test --workspace {{ ARGS }}

# The long runs on real nodes: the published day, dying validators and actors.
e2e-full *ARGS:
    cargo test --release --package gridweave --test e2e_full -- --ignored --nocapture --test-threads 1 {{ ARGS }}

# Format the code.
fmt:
    cargo fmt --all

# Clippy, warnings denied.
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Regenerate schema/ from the messages.
schema:
    scripts/schema

# Build the contracts for the chain into artifacts/, with their checksums.
wasm:
    scripts/build-wasm

# A chain on this machine, for example `just localnet up --validators 4`.
localnet *ARGS='status':
    scripts/localnet {{ ARGS }}

# The API documentation, in target/doc.
docs:
    cargo doc --workspace --no-deps
