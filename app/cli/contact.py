"""`loket contact export|erase`: one person's data, handed over or taken out of every store."""

import argparse
import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli.common import person as staff_member
from app.cli.common import say, settings_of
from app.cli.wiring import wired
from app.settings import media_folder
from app.wire import Wired, decisions_for
from casefile.errors import BadInput
from casefile.packets import AuditEntry
from policies.privacy import hash_target
from services.contact_erase import erase
from services.contact_export import export
from services.files import remove_files
from store.approvals import approval_record
from store.audit import write_audit
from store.person import Person, find_contact, person_of
from store.times import iso
from store.transaction import Tx

ACTIONS = {"export": "CONTACT_EXPORT", "erase": "CONTACT_ERASE"}


@dataclass(frozen=True, slots=True)
class Basis:
    """On whose word, and why."""

    by: str
    reason: str
    approval_id: str | None = None


def run(args: argparse.Namespace) -> int:
    """Export or erase one contact; 0 when it is done, 1 when traces are left until the server rests."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    async with wired(settings) as parts:
        contact_id = find_contact(parts.database.read, args.contact)
        if contact_id is None:
            raise BadInput(
                f"{args.contact!r} is no contact's id, phone, email or other alias, or not one alone"
            )
        basis = await _basis(parts, args, contact_id)
        whole = person_of(parts.database.read, contact_id)
        folder = Path(args.to) if args.to else settings.shared.database.path.parent / "contacts"
        folder.mkdir(parents=True, exist_ok=True)
        media = media_folder(settings)
        if args.action == "export":
            return await _export(parts, whole, basis, folder, media)
        return await _erase(parts, whole, basis, folder, media)


async def _basis(parts: Wired, args: argparse.Namespace, contact_id: str) -> Basis:
    """Return what allows it: a privacy request a coach approved, or a named person's reason."""
    action = ACTIONS[args.action]
    if args.approval:
        row = parts.database.read_one("SELECT * FROM approvals WHERE id = ?", (args.approval,))
        record = approval_record(row) if row else None
        operation = record.request.operation if record else None
        if record is None or record.state not in ("approved", "edited") or operation is None:
            raise BadInput(f"approval {args.approval!r} is not an approved request")
        if (operation.action, operation.subject) != (action, contact_id):
            raise BadInput(f"approval {args.approval!r} is not for {action} of this contact")
        return Basis(record.decided_by or "coach", f"approval {args.approval}", args.approval)
    if not (args.by and args.reason):
        raise BadInput("give the approved request's --approval ID, or --by STAFF with a --reason")
    by = staff_member(await parts.stored.staff(), args.by)
    return Basis(by.id, args.reason)


async def _export(parts: Wired, whole: Person, basis: Basis, folder: Path, media: Path) -> int:
    data = export(parts.database.read, whole, media)
    file = folder / f"{whole.contact_id}-export-{_day(parts)}.json"
    _write(file, data)
    await parts.database.submit(lambda tx: _document(tx, parts, whole, basis, "CONTACT_EXPORT"))
    await _settle(parts, whole, basis)
    say(f"Everything held about {whole.contact_id} is in {file}. Hand it over safely, then delete it.")
    return 0


async def _erase(parts: Wired, whole: Person, basis: Basis, folder: Path, media: Path) -> int:
    def work(tx: Tx) -> dict[str, Any]:
        counts = dict(erase(tx, whole))
        # Its case is closed with everything else of theirs: nobody is left to be told.
        tx.execute(
            "UPDATE due_tasks SET state = 'done' WHERE contact_id = ? AND action = 'CONTACT_ERASE'",
            (whole.contact_id,),
        )
        _document(tx, parts, whole, basis, "CONTACT_ERASE")
        return counts

    counts = await parts.database.submit(work)
    names = counts.pop("files")
    counts["files_removed"] = remove_files(media, names)
    clean = parts.database.compact()
    certificate = {
        "certificate": "erasure of one contact",
        "contact_id": whole.contact_id,
        "at": iso(parts.clock.now()),
        "by": basis.by,
        "basis": basis.reason,
        **counts,
        "file_rewritten": clean,
    }
    file = folder / f"{whole.contact_id}-erased-{_day(parts)}.json"
    _write(file, certificate)
    file.with_suffix(".txt").write_text(_readable(certificate), encoding="utf-8")
    say(_readable(certificate))
    say(f"Certificate: {file}")
    if not clean:
        say(
            "The file could not be rewritten while others use it: stop the server and run this command again."
        )
    return 0 if clean else 1


async def _settle(parts: Wired, whole: Person, basis: Basis) -> None:
    """Mark the order as done, so that its case goes on."""
    _, replies = decisions_for(parts, lambda _: None)
    by = next((p for p in await parts.stored.staff() if p.id == basis.by), None)
    for task in await parts.handed.tasks():
        if (task.action, task.contact_id) == ("CONTACT_EXPORT", whole.contact_id):
            say(f"{task.id}: {await replies.done(task.id, by, '', f'cli:{basis.by}')}")


def _document(tx: Tx, parts: Wired, whole: Person, basis: Basis, action: str) -> None:
    now = parts.clock.now()
    entry = AuditEntry(
        at=now,
        case_id=None,
        actor=basis.by,
        service="contacts",
        action=action,
        target_hash=hash_target(whole.contact_id, parts.runner.salt),
        result="success",
        reason=basis.reason,
        data_refs=(basis.approval_id,) if basis.approval_id else (),
    )
    write_audit(tx, f"contact:{action}:{whole.contact_id}:{iso(now)}", entry)


def _readable(certificate: dict[str, Any]) -> str:
    lines = [
        f"Contact {certificate['contact_id']} was erased at {certificate['at']} by {certificate['by']}.",
        f"Basis: {certificate['basis']}",
        "Removed: " + _counted(certificate["removed"]),
        f"Files removed: {certificate['files_removed']}",
        "Emptied of everything personal: " + _counted(certificate["anonymised"]),
        f"Mentions blotted out elsewhere: {certificate['swept']}",
        "Kept, and why:",
        *(f"  {table}: {why}" for table, why in certificate["kept"].items()),
        "Not ours to remove, or to be done by hand:",
        *(f"  {line}" for line in certificate["elsewhere"]),
        "Telegram posts: " + (", ".join(certificate["telegram_posts"]) or "none"),
    ]
    return "\n".join(lines) + "\n"


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {table}" for table, count in sorted(counts.items())) or "nothing"


def _write(file: Path, data: object) -> None:
    file.write_text(json.dumps(data, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    # What is in it is one person's own.
    file.chmod(0o600)


def _day(parts: Wired) -> str:
    return f"{parts.clock.now().astimezone(parts.desk.rules.zone):%Y-%m-%d}"
