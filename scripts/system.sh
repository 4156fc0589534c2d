#!/bin/sh
# Programs of the system that a part of the tests needs: installed as root on a machine with apt,
# told elsewhere. Never sudo: a test run is no reason to become root.
set -u
missing=""
command -v jekyll >/dev/null 2>&1 || missing="$missing jekyll"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing$missing with apt-get, for the tests that look at the built site."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing fonts-noto-cjk >/dev/null && exit 0
  echo "apt-get could not install$missing; the tests that need them will say so."
else
  echo "Missing:$missing. Tests that need them are skipped. To install them:"
  echo "  sudo apt-get install$missing      (macOS: brew install --cask chromium; gem install jekyll)"
fi
exit 0
