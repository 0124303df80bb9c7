#!/usr/bin/env bash
# Every test. The peers join as they are written.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo test --locked
