"""Request bodies as data."""

import json
from typing import Any

from starlette.requests import Request


async def read_json(request: Request) -> Any:
    """The JSON in a request, or None where there is none to be read."""
    try:
        return json.loads(await request.body())
    except ValueError:
        return None
