# Sourced by the scripts beside it: the interpreter, .venv and Chromium. POSIX sh, for Linux and macOS.
# The sourcing script sets $root, the checkout. pip's own settings (index, proxy, certificates) are the user's.
# shellcheck shell=sh

: "${root:?}"
venv=$root/.venv

# A module path or an alternative home meant for another Python would leak into .venv; --user has no meaning in it.
unset PYTHONHOME PYTHONPATH
export PIP_USER=0

# With stdin closed, the next file opened would become descriptor 0, which confuses some programs.
if ! { : <&0; } 2>/dev/null; then exec </dev/null; fi

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# ---------------------------------------------------------------------------------------------- interpreter

# The real path of a Python which runs and is new enough (a pyenv shim may exist and not run), else status 1.
usable_python() {
    real=$("$1" -I -c '
import sys
if sys.version_info < (3, 11) or sys.implementation.name != "cpython":
    sys.exit(1)
print(sys.executable)' 2>/dev/null </dev/null) && printf '%s\n' "$real"
}

# Every file on PATH which may be a Python, one a line: the user's default first.
candidate_pythons() (
    set -f
    IFS=:
    for name in python3 python3.13 python3.12 python3.11 python3.14 python; do
        for folder in $PATH; do
            if [ -x "$folder/$name" ] && [ ! -d "$folder/$name" ]; then printf '%s\n' "$folder/$name"; fi
        done
    done
)

# All usable Pythons, one a line, the preferred one first.
usable_pythons() {
    if [ -n "${ECOSYSTEM_IQ_PYTHON:-}" ]; then
        usable_python "$ECOSYSTEM_IQ_PYTHON"
    else
        candidate_pythons | while IFS= read -r candidate; do usable_python "$candidate" || :; done
    fi
}

find_python() {
    found=$(usable_pythons | head -n 1)
    if [ -n "$found" ]; then
        printf '%s\n' "$found"
    elif [ -n "${ECOSYSTEM_IQ_PYTHON:-}" ]; then
        fail "ECOSYSTEM_IQ_PYTHON=$ECOSYSTEM_IQ_PYTHON does not run, or is older than Python 3.11"
    else
        fail "no Python >= 3.11 on PATH runs; install one, or name it: ECOSYSTEM_IQ_PYTHON=/path/to/python3 $0"
    fi
}

# The first usable Python which has pip: it can install into a .venv without pip.
find_python_with_pip() {
    usable_pythons | while IFS= read -r candidate; do
        if "$candidate" -c 'import pip' 2>/dev/null </dev/null; then
            printf '%s\n' "$candidate"
            break
        fi
    done
}

# ---------------------------------------------------------------------------------------------- Debian

may_use_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# The package lists of a fresh machine may be missing or old: refresh them when the first try fails.
apt_install() {
    say "installing the distribution's package $1"
    quiet_apt install "$1" || { quiet_apt update && quiet_apt install "$1"; }
}

quiet_apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends "$@" >/dev/null 2>&1 </dev/null; }

# ---------------------------------------------------------------------------------------------- .venv

# Debian splits pip (ensurepip) off the venv module, and slim systems the venv module off Python.
make_venv() {
    python=$(find_python) || exit 1
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "making .venv with Python $version ($python)"
    if ! try_venv && ! try_venv_without_pip; then
        if may_use_apt && { apt_install "python$version-venv" || apt_install python3-venv; } && try_venv; then
            :
        elif command -v apt-get >/dev/null 2>&1; then
            fail "$python has neither venv nor pip; as root, run: apt-get install python$version-venv"
        else
            fail "$python has neither venv nor pip; run: $python -m ensurepip --upgrade"
        fi
    fi
    printf '%s\n' "$python" >"$venv/made-with"
}

try_venv() {
    rm -rf "$venv"
    "$python" -m venv "$venv" >/dev/null 2>&1
}

try_venv_without_pip() {
    rm -rf "$venv"
    [ -n "$(find_python_with_pip)" ] && "$python" -m venv --without-pip "$venv" >/dev/null 2>&1
}

# pip of .venv, else another Python's pip working on .venv.
pip_install() {
    if "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        set -- "$venv/bin/python" -m pip install "$@"
    else
        set -- "$(find_python_with_pip)" -m pip --python "$venv/bin/python" install "$@"
    fi
    "$@" --quiet --no-input --disable-pip-version-check >&2
}

venv_runs() {
    "$venv/bin/python" -c '' 2>/dev/null || return 1
    [ -z "${ECOSYSTEM_IQ_PYTHON:-}" ] || [ "$(find_python)" = "$(cat "$venv/made-with" 2>/dev/null)" ]
}

# ---------------------------------------------------------------------------------------------- stamps

# A stamp is the hash of what an install was made from, written last: an interrupted install has none. The checkout's
# path is part of it, because .venv does not survive a move.
wanted_stamp() {
    case $1 in
        project) set -- "$root/pyproject.toml" ;;
        *) set -- "$root/requirements/$1.txt" ;;
    esac
    { printf '%s\n' "$root" && cat "$1"; } | digest
}

digest() {
    if command -v sha256sum >/dev/null 2>&1; then
        sha256sum
    elif command -v shasum >/dev/null 2>&1; then
        shasum -a 256
    else
        cksum
    fi
}

stamped() { [ "$(cat "$venv/stamp-$1" 2>/dev/null)" = "$(wanted_stamp "$1")" ]; }

write_stamps() { for stamp in "$@"; do wanted_stamp "$stamp" >"$venv/stamp-$stamp"; done; }

# Make .venv hold what `run`, `test` or `lint` needs; each holds the one before it. Nothing is done when it does.
environment() {
    case $1 in
        run) levels="run" ;;
        test) levels="run test" ;;
        lint)
            environment test
            levels="run test lint"
            ;;
    esac
    if ! venv_runs || ! stamped run; then make_venv; fi
    if ! stamped "$1"; then
        say "installing requirements/$1.txt"
        rm -f "$venv"/stamp-*
        pip_install --require-hashes -r "$root/requirements/$1.txt" || fail "pip could not install requirements/$1.txt"
        # shellcheck disable=SC2086 # a list of words
        write_stamps $levels
    fi
    if ! stamped project; then
        # The build backend is in the lock, so this downloads nothing; editable, so a pull needs no second install.
        pip_install --no-deps --no-build-isolation --editable "$root" || fail "pip could not install ecosystem-iq itself"
        write_stamps project
    fi
}

# ---------------------------------------------------------------------------------------------- Chromium

# Set and export ECOSYSTEM_IQ_CHROMIUM, or say that browser tests will be skipped. `none` asks for that.
find_chromium() {
    if [ "${ECOSYSTEM_IQ_CHROMIUM:-}" = none ]; then
        without_browser "no Chromium wanted"
    elif ! driver_runs; then
        without_browser "Playwright's driver does not run on this system"
    elif [ -n "${ECOSYSTEM_IQ_CHROMIUM:-}" ]; then
        browser_runs "$ECOSYSTEM_IQ_CHROMIUM" || fail "ECOSYSTEM_IQ_CHROMIUM=$ECOSYSTEM_IQ_CHROMIUM does not run"
        export ECOSYSTEM_IQ_CHROMIUM
    elif ECOSYSTEM_IQ_CHROMIUM=$(system_chromium || debian_chromium || playwright_chromium); then
        export ECOSYSTEM_IQ_CHROMIUM
    else
        without_browser "no Chromium found, and none could be installed"
    fi
}

without_browser() {
    unset ECOSYSTEM_IQ_CHROMIUM
    say "$1: browser tests are skipped"
}

# The driver is a program of its own (Node.js), which needs a library that slim systems lack.
driver_runs() {
    for driver in "$venv"/lib/python*/site-packages/playwright/driver/node; do :; done
    "$driver" --version >/dev/null 2>&1 && return
    may_use_apt && apt_install libatomic1 && "$driver" --version >/dev/null 2>&1
}

# A command may exist and not run (Ubuntu's placeholder for a snap).
browser_runs() { "$1" --version >/dev/null 2>&1 </dev/null; }

system_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
        "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
        path=$(command -v "$name" 2>/dev/null) || continue
        if browser_runs "$path"; then
            printf '%s\n' "$path"
            return
        fi
    done
    return 1
}

debian_chromium() { may_use_apt && apt_install chromium && system_chromium; }

# Kept in .venv: it goes when .venv goes, and needs no writable HOME.
playwright_chromium() {
    PLAYWRIGHT_BROWSERS_PATH=$venv/browsers
    export PLAYWRIGHT_BROWSERS_PATH
    path=$("$venv/bin/python" -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)' 2>/dev/null) || return 1
    if [ ! -x "$path" ]; then
        say "downloading Playwright's Chromium"
        "$venv/bin/python" -m playwright install chromium >/dev/null 2>&1 </dev/null || return 1
    fi
    browser_runs "$path" && printf '%s\n' "$path"
}
