"""Answers that models have given already: the same question, by the same case's customer, is paid for once."""

import hashlib
import json
from collections import OrderedDict

from ports.models import Ask


class AnswerCache:
    """Keeps the last answers in memory, and nowhere else: they end with the process, and the oldest go first."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._kept: OrderedDict[str, str] = OrderedDict()

    def get(self, key: str) -> str | None:
        """Return the answer to a question that was asked before."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: str, answer: str) -> None:
        """Keep an answer."""
        self._kept[key] = answer
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


def key_of(ask: Ask, task: str, schema: object = None) -> str:
    """Return what names a question: all of it, whose it is, and how which model is asked.

    The contact is part of it although it is not sent: nobody is ever answered from what was asked for another.
    """
    asked = [task, ask.task, ask.role, ask.contact_id, ask.prompt, schema]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
