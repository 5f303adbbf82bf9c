"""The files of a run: a config, a desk with records enough for everybody, the sandbox's settings."""

import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from app.settings import ROOT, load
from app.stage_sandbox import SANDBOX_SECRETS, sandbox_settings
from tests.chaos.storm.plan import Customer

# A Monday at ten in Jakarta.
OPENING = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SCHOOL = ROOT / "desks" / "school"
PER_COACH = 12
COACHES = (
    *("Aldi", "Bela", "Candra", "Desi", "Elang", "Fira", "Galih", "Hesti", "Iwan", "Jihan", "Kemal", "Lala"),
    *("Mirza", "Nila", "Oscar", "Prita", "Reno", "Sekar", "Tegar", "Ulfa", "Vino", "Wulan", "Yuda", "Zaki"),
    *(
        "Arman",
        "Bunga",
        "Catur",
        "Damar",
        "Estu",
        "Fandi",
        "Gandhi",
        "Hilda",
        "Imam",
        "Jelita",
        "Kania",
        "Lintang",
    ),
)
# Free hours of a coach, fewer than customers who may want one, and hours that lessons stand in.
FREE = tuple((day, hour) for day in (1, 2, 3, 4) for hour in (15, 17))
LESSONS = tuple((day, hour) for day in (2, 3, 4, 5, 8, 9) for hour in (10, 12))
# A send without proof counts as lost after half a minute; the clock runs fast.
RECONCILE_MINUTES = 0.5
# Real seconds: whoever gives no sign for so long is held to be dead.
LEASE_SECONDS = 4


def lay_out(home: Path, people: Sequence[Customer]) -> None:
    """Write config.yaml and the desk; everything but the records is the school's own."""
    desk = home / "desk"
    (desk / "records").mkdir(parents=True)
    for name in ("knowledge", "templates", "understanding"):
        (desk / name).symlink_to(SCHOOL / name)
    told = yaml.safe_load((SCHOOL / "desk.yaml").read_text(encoding="utf-8"))
    # What is stormed at are lessons: nothing is billed, and no provider is asked.
    _write(desk / "desk.yaml", {**told, "enrols": False, "payments": {"provider": "none"}})
    shutil.copy(SCHOOL / "records" / "staff.yaml", desk / "records" / "staff.yaml")
    known = [person for person in people if not person.stranger]
    for name, rows in _records(known).items():
        _write(desk / "records" / f"{name}.yaml", rows)
    _write(desk / "personas.yaml", [{"contact": person.key} for person in known])
    cache = ROOT / "var" / "understanding"
    cache.mkdir(parents=True, exist_ok=True)
    (home / "var").mkdir()
    (home / "var" / "understanding").symlink_to(cache)


def configure(home: Path, port: int, sandbox_url: str, database: dict[str, Any]) -> None:
    """Write the config every process of the server reads."""
    told = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    told["desks"] = ["desk"]
    told["server"]["port"] = port
    told["database"] = database
    told["delivery"] |= {"reconcile_minutes": RECONCILE_MINUTES, "health_seconds": 1}
    told["whatsapp"] |= {"base_url": f"{sandbox_url}/graph", "timeout_seconds": 4}
    told["telegram"] |= {"base_url": f"{sandbox_url}/telegram", "timeout_seconds": 3}
    told["workers"] = {"lease_seconds": LEASE_SECONDS}
    told["logging"] = {"level": "warning", "format": "json"}
    told["sandbox"]["state_dir"] = str(home)
    _write(home / "config.yaml", told)


def records_are_loaded(home: Path) -> None:
    """Let the desk be one whose records live in the database alone, so that nobody reads these files again."""
    told = yaml.safe_load((home / "desk" / "desk.yaml").read_text(encoding="utf-8"))
    _write(home / "desk" / "desk.yaml", {**told, "sample_records": False})


def describe_sandbox(home: Path, server_url: str) -> Path:
    """Write the sandbox's settings; returns the file."""
    config = home / "config.yaml"
    _write(config, {"desks": ["desk"]})
    desk_home, desk = load(config, {}).desks[0]
    told = sandbox_settings(desk_home, desk, home, server_url)
    path = home / "sandbox.json"
    path.write_text(told.model_dump_json(exclude={"receipts", "state_dir"}), encoding="utf-8")
    return path


def secrets() -> dict[str, str]:
    """Return the environment the server's processes run in."""
    found = {name: getattr(SANDBOX_SECRETS, name) for name in type(SANDBOX_SECRETS).model_fields}
    return {f"LOKET_{name.upper()}": value.get_secret_value() for name, value in found.items() if value}


def _records(people: Sequence[Customer]) -> dict[str, list[dict[str, Any]]]:
    coaches = sorted({_coach(person) for person in people})
    return {
        "contacts": [_contact(person) for person in people],
        "students": [
            {
                "id": person.student,
                "name": person.name,
                "own_contact": person.key,
                "package": {"name": "Privat 8 sesi", "sessions_left": 5, "expires_day_offset": 56},
            }
            for person in people
        ],
        "coaches": [{"id": f"co_{name.lower()}", "name": name, "languages": ["id"]} for name in coaches],
        "sessions": [_session(person) for person in people],
        "slots": [
            {"id": f"sl_{coach.lower()}_{day}_{hour}", "coach": coach, "day_offset": day, "at": f"{hour}:00",
             "minutes": 60}
            for coach in coaches for day, hour in FREE
        ],
        "reschedules": [
            {"student": person.student, "month_offset": 0, "count": 2, "source": "customer"}
            for person in people if person.kind == "exception"
        ],
        "invoices": [_invoice(person) for person in people],
    }  # fmt: skip


def _coach(person: Customer) -> str:
    return COACHES[person.number // PER_COACH % len(COACHES)]


def _contact(person: Customer) -> dict[str, Any]:
    return {
        "id": person.key,
        "aliases": [{"kind": "phone", "value": person.phone}],
        "wa_name": person.name.split()[0],
        "full_name": person.name,
        "email": person.email,
        "phone": person.phone,
    }


def _session(person: Customer) -> dict[str, Any]:
    day, hour = LESSONS[person.number % PER_COACH]
    # Beyond as many customers as there are coaches for, the next ones come weeks later.
    weeks = person.number // (PER_COACH * len(COACHES))
    return {
        "id": f"ss_{person.number:04d}",
        "student": person.student,
        "coach": _coach(person),
        "day_offset": day + 7 * weeks,
        "at": f"{hour}:00",
        "minutes": 60,
    }


def _invoice(person: Customer) -> dict[str, Any]:
    payment: dict[str, Any] = {"state": "PENDING", "source": "invoice"}
    if not person.owes:
        payment = {
            "state": "CONFIRMED",
            "source": "staff",
            "confirmed_by": "sf_agus",
            "evidence": f"mutasi bank {person.number}",
            "paid_day_offset": -3,
        }
    return {
        "number": person.invoice,
        "contact": person.key,
        "student": person.student,
        "description": "Paket Privat 8 sesi",
        "amount": 2640000,
        "due_day_offset": 2,
        "status": "unpaid" if person.owes else "paid",
        "payment": payment,
    }


def _write(path: Path, value: Any) -> None:
    # A file is read by processes that start at any moment.
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    fresh.write_text(yaml.dump(value, Dumper=dumper, allow_unicode=True), encoding="utf-8")
    fresh.replace(path)
