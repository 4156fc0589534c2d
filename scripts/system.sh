#!/bin/sh
# Install the programs that some tests need, if run as root on a machine with apt; elsewhere print how
# to install them. It never calls sudo: a test run must not become root.
set -u
missing=""
command -v jekyll >/dev/null 2>&1 || missing="$missing jekyll"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v postgres >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 ||
  missing="$missing postgresql"
# Without a Chinese font a browser draws boxes, and a picture of a page shows nothing.
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$missing with apt-get, for the tests of the built site and of the ledger."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing >/dev/null && exit 0
  echo "apt-get could not install$missing; tests that need them are skipped, or fail if CI=true."
else
  echo "Missing:$missing. Tests that need them are skipped. To install them:"
  echo "  sudo apt-get install$missing      (macOS: brew install --cask chromium; brew install postgresql; gem install jekyll; it has the fonts)"
fi
exit 0
