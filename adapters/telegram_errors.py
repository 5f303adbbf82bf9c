"""What python-telegram-bot's errors mean for us. Pure."""

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from casefile.errors import DependencyDown, LoketError, SendLater, SendRefused, SendUnknown

UNCHANGED = "message is not modified"
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, DependencyDown)


def ours(error: TelegramError) -> LoketError:
    """Turn a failed call into ours; vendor texts that may quote the token stay behind."""
    match error:
        case RetryAfter():
            return SendLater("Telegram's flood control", wait_seconds(error))
        case BadRequest() | Forbidden() | ChatMigrated():
            return SendRefused(type(error).__name__, error.message)
        case InvalidToken() | Conflict():
            return DependencyDown("telegram", f"the bot's token was not accepted ({type(error).__name__})")
    if isinstance(error.__cause__, _NEVER_LEFT):
        return DependencyDown("telegram", type(error.__cause__).__name__)
    return SendUnknown(f"no clear answer from Telegram ({type(error).__name__})")


def wait_seconds(error: RetryAfter) -> float:
    """Say how long flood control asks to wait, in seconds."""
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()
