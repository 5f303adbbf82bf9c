#!/bin/sh
# Builds .venv from requirements-dev.lock, every file checked by its hash, and puts the command `loket` into it.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

# A version manager's stand-in for a Python that is not there fails when it is run, so each one is run.
fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

python=''
for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python; do
    if fits "$name"; then
        python=$name
        break
    fi
done
if [ -z "$python" ]; then
    say 'Loket needs Python 3.11 or newer, and none was found. Install one, or name it: make setup PYTHON=...'
    exit 1
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

# Debian keeps what makes environments in a package of its own.
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    if ! command -v apt-get >/dev/null || ! { as_root apt-get update -qq && as_root apt-get install -y -qq "$version-venv"; } >/dev/null 2>&1; then
        say "$python cannot make environments. Install its venv module (on Debian: the package $version-venv)."
        exit 1
    fi
fi

if ! fits .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    say "Building .venv with $("$python" --version) ..."
    "$python" -m venv --clear .venv
fi
say 'Installing what the lock file names (a few minutes the first time) ...'
.venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --root-user-action=ignore \
    --require-hashes --requirement requirements-dev.lock

# Started through sh, because a path with a space in it, or a long one, cannot stand behind #! itself.
cat > .venv/bin/loket <<LAUNCHER
#!/bin/sh
'''exec' "$(pwd -P)/.venv/bin/python" "\$0" "\$@"
' '''
LAUNCHER
cat scripts/loket.py >> .venv/bin/loket
chmod +x .venv/bin/loket
say 'Ready: .venv/bin/loket --help'
