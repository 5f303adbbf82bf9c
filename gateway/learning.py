"""The look at whether every text that can be found is embedded."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from casefile.errors import DependencyDown
from ports.embeddings import Learning

log = structlog.get_logger(__name__)


def learning(
    meaning: Learning, texts: Callable[[], Sequence[str]], account: Callable[[datetime], Awaitable[None]]
) -> Callable[[datetime, datetime], Awaitable[bool]]:
    """Return the job as a chore runs it: `texts` are those of now, `account` writes down what was paid for."""

    async def learn(slot: datetime, now: datetime) -> bool:
        try:
            return await meaning.learn(texts(), now)
        except DependencyDown as error:
            # The next look tries again; until then words have to do.
            log.warning("texts_not_embedded", why=error.why)
            return True
        finally:
            await account(now)

    return learn
