# Read by the scripts beside it: where things are kept. Everything that is built or downloaded lies in the user's
# cache folder, so that a second clone on the same machine does not build the world again.
# shellcheck shell=bash

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
CACHE="${RAPPORT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rapport}"
export ROOT CACHE
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
export VENV="${VENV:-$CACHE/venv}"
export PATH="$CACHE/tools/bin:$PATH:$HOME/.cargo/bin"
export RAPPORT_BIN="${RAPPORT_BIN:-$CARGO_TARGET_DIR/debug/rapport}"
export PYTHONDONTWRITEBYTECODE=1
# A machine that builds once keeps nothing for the next time: that alone takes 20 GB.
[ -z "${CI:-}" ] || export CARGO_INCREMENTAL=0
mkdir -p "$CACHE" || exit 1

# Prints what is being done, in one plain line.
say() { printf '• %s\n' "$*"; }

# Stops with a reason.
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# The files below the given places, separated by NUL: what git would commit, or, outside a repository, what is not built.
source_files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files -z --cached --others --exclude-standard -- "$@"
  else
    find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0
  fi
}

# One hash over the contents of the given files and folders (relative to the root), whoever wrote them and when.
content_hash() {
  (
    cd "$ROOT" || exit 1
    source_files "$@" | sort -zu | { xargs -0 -r sha256sum 2>/dev/null || true; } | sha256sum | cut -c1-20
  )
}

# Makes what cargo builds next the work of this working copy. Several share one target folder, and cargo tells new from
# old by time alone: sources older than what another copy has built would pass for built. They are made new once.
claim_target() {
  local owner="$CARGO_TARGET_DIR/.working-copy"
  [ "$(cat "$owner" 2>/dev/null)" != "$ROOT" ] || return 0
  find "$ROOT/crates" "$ROOT/fuzz" "$ROOT/migrations" -type f -exec touch {} +
  mkdir -p "$CARGO_TARGET_DIR" && printf '%s' "$ROOT" >"$owner"
}
