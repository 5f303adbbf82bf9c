#!/bin/sh
# Resolves requirements*.in into lock files that fit every platform and Python from 3.11 on: hashes, no host names.
set -eu
cd "$(dirname "$0")/.."
if ! command -v uv >/dev/null; then
    echo 'make lock needs uv (a tool only for this; install it where you like)' >&2
    exit 1
fi
for name in requirements requirements-dev requirements-model; do
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --output-file "$name.lock" "$name.in"
done
