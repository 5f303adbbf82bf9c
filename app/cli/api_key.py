"""`loket api-key`: a key for another system; only its hash is kept, by whoever puts it into desk.yaml."""

import argparse

from app.cli.common import say
from app.service_keys import ServiceKey, new_key
from casefile.errors import BadInput


def run(args: argparse.Namespace) -> int:
    """Make a key and say where its hash goes."""
    key, made = new_key()
    try:
        given = ServiceKey.model_validate({"name": args.name, "sha256": made, "scopes": args.scope})
    except ValueError as error:
        raise BadInput(f"no such key can be made: {error}") from error
    say(f"The key, shown this once: {key}")
    say("\nIn desk.yaml, under service_keys (then start the server anew):")
    say(f"  - {{name: {given.name}, sha256: {made}, scopes: [{', '.join(sorted(given.scopes))}]}}")
    return 0
