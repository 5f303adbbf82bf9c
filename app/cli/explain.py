"""`loket explain`: what would happen to a message, by the real graph on a private copy of the sample records."""

import argparse
import asyncio
import dataclasses
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from app.cli.common import block, desk_files, not_sandboxed, say, say_json, table
from app.cli.effects import effect_words
from app.environment import Secrets
from app.estimate import Estimator, estimator_of
from app.settings import ModelConfig, Settings
from app.wire import Wired, wire
from casefile.base import Language
from casefile.effects import SendMessage
from casefile.errors import BadInput, LoketError
from casefile.events import Client, InboundMessage, MessageReceived
from casefile.money import micro_rupiah
from casefile.records import Alias
from console.rule_words import fired
from graph.explain import explain, leading, summary
from graph.record import TurnRecord
from policies.show import THEN

# A verified adult student: next session in three days, no reschedule used this month, last invoice paid.
USUAL = "+6281200001001"
HEADS: dict[str, tuple[str, str]] = {
    "customer": ("pelanggan", "customer"),
    "understood": ("dipahami", "understood"),
    "signals": ("sinyal", "signals"),
    "tier": ("tingkat", "tier"),
    "decision": ("keputusan", "decision"),
    "rules": ("aturan", "rules"),
    "way": ("lewat", "way"),
    "reply": ("balasan", "reply"),
    "effects": ("lalu", "then"),
    "cites": ("sumber", "cites"),
    "none": ("tidak ada", "none"),
    "starts": ("mulai dari", "starts at"),
}

NOTHING: dict[Language, str] = {
    "id": "Tidak ada yang diminta, jadi tidak ada kasus dan tidak ada balasan.",
    "en": "Nothing is asked for: no case is opened and nothing is answered.",
}


def run(args: argparse.Namespace) -> int:
    """Explain the message, or every JSON line on standard input."""
    if args.message is None and sys.stdin.isatty():
        raise BadInput('give a message, or JSON lines {"text": ...} on standard input')
    settings = desk_files(args)
    with tempfile.TemporaryDirectory(prefix="loket-") as folder:
        return asyncio.run(_explain(args, settings, Path(folder)))


async def _explain(args: argparse.Namespace, settings: Settings, folder: Path) -> int:
    estimator = estimator_of(settings.shared.model)
    wired = await open_private(settings, folder, estimator)
    try:
        message = await first_contact(wired, args.phone or USUAL)
        if args.message is None:
            return await _lines(wired, message, estimator)
        records = await _records(wired, message, args.message)
        if args.json:
            say_json(summary(args.message, records) | models(estimator))
        else:
            say(card(message, records, args.lang))
            if estimator is not None:
                say(f"\n{cost_words(estimator, args.lang)}")
        return 0
    finally:
        wired.database.close()


async def open_private(settings: Settings, folder: Path, estimator: Estimator | None = None) -> Wired:
    """Wire the desk to a database of its own that holds the sample records; no model is really asked."""
    home, config = settings.desks[0]
    sample = config.model_copy(update={"sample_records": True})
    private = not_sandboxed(settings).model_copy(update={"desks": ((home, sample),), "secrets": Secrets()})
    if estimator is None:
        shared = private.shared.model_copy(update={"model": ModelConfig()})
        private = private.model_copy(update={"shared": shared})
    return await wire(private, database=folder / "explain.db", cache=settings.cache, stand_in=estimator)


async def first_contact(wired: Wired, phone: str) -> MessageReceived:
    """Let the store meet whoever writes; returns the message to put words into."""
    if not phone.removeprefix("+").isdigit():
        raise BadInput(f"--as {phone!r} is no phone number; write it like {USUAL}")
    phone = f"+{phone.removeprefix('+')}"
    now = wired.clock.now()
    message = MessageReceived(
        account=wired.desk_config.numbers[0].account,
        received_at=now,
        sent_at=now,
        client=Client(phone=phone, aliases=(Alias(kind="phone", value=phone),)),
        message=InboundMessage(id=f"explain:{phone}", kind="text"),
    )
    (met,) = await wired.journal.receive([message])
    return message.model_copy(update={"conversation_id": met.conversation_id})


async def _lines(wired: Wired, message: MessageReceived, estimator: Estimator | None) -> int:
    for raw in sys.stdin.buffer:
        say_json(await _line(wired, message, raw, estimator))
    return 0


async def _line(
    wired: Wired, message: MessageReceived, raw: bytes, estimator: Estimator | None
) -> dict[str, Any]:
    """Answer one line; whatever is wrong with it is its answer."""
    text: Any = None
    try:
        asked = json.loads(raw)
        text = asked.get("text") if isinstance(asked, dict) else None
        if not isinstance(text, str):
            return {"text": None, "error": 'a line is an object with "text", a string'}
        # A lone surrogate can be written in JSON but is no text.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return summary(text, await _records(wired, message, text)) | models(estimator)
    except (LoketError, ValueError, RecursionError) as error:
        return {"text": text, "error": f"{type(error).__name__}: {error}".splitlines()[0]}


async def _records(wired: Wired, message: MessageReceived, text: str) -> tuple[TurnRecord, ...]:
    said = message.model_copy(update={"message": message.message.model_copy(update={"text": text})})
    return await explain(wired.runner, said, wired.clock.now())


def models(estimator: Estimator | None) -> dict[str, Any]:
    """Return the questions models would have been asked since the last time, where there are any models."""
    return {} if estimator is None else {"models": [dataclasses.asdict(one) for one in estimator.taken()]}


def cost_words(estimator: Estimator, language: Language) -> str:
    """Say what models would be asked and what that can come to at most."""
    asked = estimator.taken()
    heads = ("task", "model", "strength", "input", "output <=", "cost <=")
    rows = [
        (
            e.task,
            e.model,
            e.strength,
            str(e.input_tokens),
            str(e.output_tokens),
            micro_rupiah(e.cost, language),
        )
        for e in asked
    ]
    total = micro_rupiah(sum(e.cost for e in asked), language)
    return f"{table(heads, rows)}\n<= {total}" if asked else f"{'model' if language == 'en' else 'Model'}: -"


def card(message: MessageReceived, records: tuple[TurnRecord, ...], language: Language) -> str:
    """Return what would happen, for people."""
    if not records:
        return NOTHING[language]
    word = {name: words[0 if language == "id" else 1] for name, words in HEADS.items()}
    lead, reading = leading(records), records[0].reading
    verdicts = [record.verdict for record in records]
    understood = [f"{r.intent} ({r.confidence:.0%})" for r in (reading.requests if reading else ())]
    signals = sorted({signal for verdict in verdicts for signal in verdict.signals})
    rules = {hit.id: fired(hit.id, hit.words)[language] for verdict in verdicts for hit in verdict.rules}
    effects = [effect for record in records for effect in record.effects]
    sent = [effect for effect in effects if isinstance(effect, SendMessage)]
    then = THEN.get(lead.verdict.decision, {}).get(language, "")
    lines = [
        (word["customer"], message.client.phone or ""),
        (word["understood"], " + ".join(understood) or word["none"]),
        (word["signals"], ", ".join(signals) or word["none"]),
        (word["tier"], f"{lead.verdict.tier}  ({word['starts']} {lead.verdict.floor})"),
        (word["decision"], f"{lead.verdict.decision}  {then}".rstrip()),
        *_list(word["rules"], [f"{name:<18} {words}" for name, words in rules.items()]),
        *_list(word["way"], [" > ".join(step["node"] for step in record.steps) for record in records]),
        *_list(word["cites"], [f"{c.page_id} ({c.release})" for m in sent for c in m.citations]),
        *_list(word["effects"], [effect_words(effect) for effect in effects]),
    ]
    width = max(len(name) for name in word.values()) + 2
    body = "\n".join(f"{name:<{width}}{value}" for name, value in lines)
    replies = "\n\n".join(block(m.text, "  | ") for m in sent) or f"  ({word['none']})"
    return f"{body}\n\n{word['reply']}\n{replies}"


def _list(name: str, values: list[str]) -> list[tuple[str, str]]:
    return [(name if number == 0 else "", value) for number, value in enumerate(values)]
