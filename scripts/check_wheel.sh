#!/bin/sh
# Build the wheel, install it with an old pip under each Python that is found, and run the demo outside
# the checkout: what a stranger does on a machine as its distribution left it. `.ci/run` calls this.
#
# The old pip is Debian 12's, 23.0.1; from Python 3.12 on it cannot start, and the one that came with
# Python 3.12 takes its place.
set -eu
checkout=$(cd "$(dirname "$0")/.." && pwd)
builder=${1:-"$checkout/.venv/bin/python"}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$checkout" && "$builder" -m hatchling build -t wheel -d "$work/dist" >/dev/null)

# Python 3.11 and newer on the PATH and among those of pyenv, each version once.
pythons() {
  for python in python3.11 python3.12 python3.13 python3.14 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.*/bin/python3; do
    "$python" -c 'import ensurepip, sys, venv; v = sys.version_info[:2]; assert v >= (3, 11); print("%d.%d" % v, sys.executable)' 2>/dev/null || true
  done | sort -u -t ' ' -k 1,1
}

check() {
  venv="$work/$1"
  "$2" -m venv "$venv"
  case $1 in 3.11) pip=23.0.1 ;; *) pip=23.2.1 ;; esac
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "pip==$pip"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/dist/newsspider-*.whl
  (cd "$work" && "$venv/bin/newsspider" demo --output "demo-$1" >"$work/$1.log" 2>&1) || { cat "$work/$1.log"; return 1; }
  (cd "$work" && "$venv/bin/python" "$checkout/scripts/read_a_page.py")
  echo "Python $1, pip $pip: the wheel installs, and its demo writes $(ls "$work/demo-$1/_posts" | wc -l) posts."
}

pythons >"$work/pythons"
[ -s "$work/pythons" ] || { echo "no Python 3.11 or newer was found"; exit 1; }
while read -r version python; do check "$version" "$python" </dev/null; done <"$work/pythons"
