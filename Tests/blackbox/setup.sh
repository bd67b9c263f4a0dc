#!/bin/sh
# Makes the two Python environments of the black-box tests, `.venv` and `.venv-sdk`, at the top of the tree.
# Run it as often as you like: an environment whose requirements did not change is left as it is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# A fresh machine may have several Pythons; the tests are written for 3.11, Debian 12's, or later.
python=${PYTHON:-python3}

say() { printf 'blackbox setup: %s\n' "$*"; }

fail() {
    say "$*" >&2
    exit 1
}

command -v "$python" >/dev/null 2>&1 || fail "python3 is missing; install it: apt-get install python3 python3-venv"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || fail "$python is older than 3.11"
# Debian ships `venv` without the part that installs pip; the import tells whether python3-venv is there.
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "Python's venv is incomplete; install it: apt-get install python3-venv"

# environment REQUIREMENTS: makes one environment, or leaves it when it was made from these very requirements.
environment() {
    venv=$top/$1
    requirements=$here/$2
    stamp=$venv/.requirements
    if [ -x "$venv/bin/python" ] && cmp -s "$requirements" "$stamp" && "$venv/bin/python" -c '' 2>/dev/null; then
        say "$1 is up to date"
        return
    fi
    say "making $1 from $2:"
    sed -n '/^[^#]/s/^/    /p' "$requirements"
    "$python" -m venv --clear "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    cp "$requirements" "$stamp"
    say "installed into $1:"
    "$venv/bin/python" -m pip list --disable-pip-version-check --format freeze | sed 's/^/    /'
}

environment .venv requirements.txt
environment .venv-sdk requirements-sdk.txt
