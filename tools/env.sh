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
mkdir -p "$CACHE" || exit 1

# Prints what is being done, in one plain line.
say() { printf '• %s\n' "$*"; }

# Stops with a reason.
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# One hash over the contents of the given files and folders (relative to the root), whoever wrote them and when:
# what git ignores does not count.
content_hash() {
  (
    cd "$ROOT" || exit 1
    git ls-files -z --cached --others --exclude-standard -- "$@" | sort -zu |
      while IFS= read -r -d '' file; do [ -f "$file" ] && sha256sum "$file"; done | sha256sum | cut -c1-20
  )
}
