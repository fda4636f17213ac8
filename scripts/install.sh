#!/bin/sh
# Install pinned packages and the project itself into .venv, making .venv where it is missing or broken.
# Uses uv where it is, venv and pip where not. Usage: install.sh REQUIREMENTS
set -eu
requirements=$1

has_uv() {
    uv --version >/dev/null 2>&1
}

# A new enough Python that starts: a name on PATH may be a shim without one behind it.
find_python() {
    for candidate in "${PYTHON:-}" python3.13 python3.12 python3.11 python3 python3.14; do
        if [ -n "$candidate" ] &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

if ! .venv/bin/python -c '' >/dev/null 2>&1; then
    python=$(find_python)
    if has_uv; then
        uv venv --quiet --clear --python "${python:-3.12}" .venv
    elif [ -z "$python" ]; then
        echo "Python 3.11 or newer is needed. Install it (Debian: apt-get install python3 python3-venv;" >&2
        echo "macOS: brew install python@3.12) or name it: make setup PYTHON=/path/to/python3" >&2
        exit 1
    else
        if ! "$python" -c 'import ensurepip' >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
        then
            apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
        fi
        if ! "$python" -m venv --clear .venv; then
            echo "This Python cannot make environments. Debian: apt-get install python3-venv" >&2
            exit 1
        fi
    fi
fi

echo "Installing $requirements"
if has_uv; then
    uv pip install --quiet --python .venv/bin/python --requirement "$requirements"
    uv pip install --quiet --python .venv/bin/python --no-deps --editable .
else
    # An environment that uv made has no pip.
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
fi
