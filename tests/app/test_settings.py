"""What Loket is told: every wrong value is refused in words that say how to mend it."""

import copy
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.desk_settings import with_holidays
from app.settings import ROOT, load
from casefile.errors import BadInput

CONFIG, DESK = ROOT / "config.yaml", ROOT / "desks" / "school" / "desk.yaml"
SHOP = ROOT / "desks" / "shop" / "desk.yaml"
Raw = dict[str, Any]


def written(home: Path, config: Raw, *desks: Raw) -> Path:
    """Write a deployment and return its config file."""
    config = copy.deepcopy(config) | {"desks": [f"desks/{n}" for n in range(len(desks))]}
    for n, desk in enumerate(desks):
        folder = home / "desks" / str(n)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "desk.yaml").write_text(yaml.safe_dump(desk), "utf-8")
    path = home / "config.yaml"
    path.write_text(yaml.safe_dump(config), "utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(BadInput) as error:
        load(path, {})
    return str(error.value)


def leaves(tree: Raw, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every value that is not itself keys and values."""
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*above, key))
        else:
            yield (*above, key)


def put(tree: Raw, path: tuple[str, ...], value: Any) -> Raw:
    changed = copy.deepcopy(tree)
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


SHIPPED = yaml.safe_load(CONFIG.read_text("utf-8"))
SCHOOL = yaml.safe_load(DESK.read_text("utf-8"))


def test_what_ships_is_accepted() -> None:
    settings = load(CONFIG, {})
    assert [desk.name for _, desk in settings.desks] == ["school", "shop"]
    assert settings.secrets.telegram_bot_token is None


@pytest.mark.parametrize("path", list(leaves(SHIPPED)), ids=".".join)
def test_each_shared_value_is_checked_and_named(tmp_path: Path, path: tuple[str, ...]) -> None:
    if path == ("desks",):
        file = tmp_path / "config.yaml"
        file.write_text(yaml.safe_dump(SHIPPED | {"desks": []}), "utf-8")
    else:
        file = written(tmp_path, put(SHIPPED, path, {"nonsense": ["?"]}), SCHOOL)
    said = refused(file)
    assert said.startswith(f"{file}:\n  {'.'.join(path)}"), said
    assert path == ("desks",) or "nonsense" in said
    assert "not allowed" in said


@pytest.mark.parametrize("path", list(leaves(SCHOOL)), ids=".".join)
def test_each_desk_value_is_checked_and_named(tmp_path: Path, path: tuple[str, ...]) -> None:
    said = refused(written(tmp_path, SHIPPED, put(SCHOOL, path, {"nonsense": ["?"]})))
    assert "desk.yaml:\n" in said
    assert ".".join(path) in said
    # What is a group where it is set has no key of that name.
    assert "not allowed" in said or "there is no such key" in said


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (
            ("server", "port"),
            70000,
            "server.port: 70000 is not allowed: Input should be less than or equal to 65535",
        ),
        (
            ("logging", "level"),
            "loud",
            "logging.level: 'loud' is not allowed: Input should be 'debug', 'info'",
        ),
        (("whatsapp", "base_url"), "graph", "whatsapp.base_url: 'graph' is not allowed"),
        (("understanding", "margin"), 2, "understanding.margin: 2 is not allowed"),
        (("understanding", "lesson_hours"), [20, 8], "first and the last hour"),
        (("collect", "most_ms"), 5, "most_ms has to be at least quiet_ms"),
        (("server",), "here", "server: 'here' is not allowed: keys with values have to stand here"),
        (("delivery", "retries"), 3, "delivery.retries: there is no such key; allowed here: health_seconds,"),
        (
            ("model", "tasks"),
            {"draft": {"name": "x"}},
            "model.tasks.draft.name: there is no such key; allowed here: max_tokens,",
        ),
        (
            ("model", "tasks"),
            {"drfat": {"model": "x"}},
            "'drfat' is not allowed: Input should be 'understand'",
        ),
        (
            ("telegram", "poll_seconds"),
            5000,
            "telegram.poll_seconds: 5000 is not allowed: Input should be less than",
        ),
        (("delivery", "messages_per_minute"), 10, "delivery.messages_per_minute: there is no such key"),
        (("model", "tasks"), {"draft": {}}, "model.tasks.draft.model: is missing and has to be set"),
        (("model", "tasks"), {"qa": {"model": "big"}}, "qa is for 'big', whose price is not under models"),
        (("model", "models"), {"big": {"input": 1.5, "output": 2}}, "model.models.big.input: 1.5 is not"),
        (("embedding", "provider"), "openai", "model is empty: say what the endpoint calls the model"),
        (
            ("embedding", "dimensions"),
            3072,
            "embedding.dimensions: 3072 is not allowed: Input should be less",
        ),
    ],
)
def test_a_wrong_shared_value(tmp_path: Path, path: tuple[str, ...], value: Any, words: str) -> None:
    assert words in refused(written(tmp_path, put(SHIPPED, path, value), SCHOOL))


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (
            ("limits", "cutoff"),
            {"minutes": 60, "calendar_days": 1},
            "exactly one of minutes or calendar_days",
        ),
        (("limits", "cutoff"), {}, "exactly one of minutes or calendar_days"),
        (
            ("limits", "free_reschedule"),
            2,
            "limits.free_reschedule: there is no such key; allowed here: approval_minutes,",
        ),
        (("pay_to", "iban"), 1, "pay_to.iban: there is no such key; allowed here: account, bank, holder"),
        (("hours", "zone"), "Jakarta", "'Jakarta' is not a time zone"),
        (("hours", "week"), {"mon": [9, 20]}, "write opening hours in quotes"),
        (("lanes",), {"ops": -1}, "the chat id of coach, incident is missing"),
        (("lanes",), {"boss": -1}, "'boss' is not allowed: Input should be 'ops', 'coach' or 'incident'"),
        (
            ("mode",),
            "live",
            "mode: 'live' is not allowed: Input should be 'pilot', 'hardening' or 'production'",
        ),
        (
            ("numbers",),
            [{"account": "a", "phone": "1"}],
            "numbers.0.phone: there is no such key; allowed here: account,",
        ),
        (("numbers",), [], "numbers: [] is not allowed"),
        (("pilot_allowlist",), ["0812-3"], "'0812-3' is not allowed: String should match pattern"),
        (("limits", "beside_attack_likelihood"), 3, "limits.beside_attack_likelihood: 3 is not allowed"),
    ],
)
def test_a_wrong_desk_value(tmp_path: Path, path: tuple[str, ...], value: Any, words: str) -> None:
    assert words in refused(written(tmp_path, SHIPPED, put(SCHOOL, path, value)))


def test_every_mistake_of_a_file_is_said_at_once(tmp_path: Path) -> None:
    config = put(put(SHIPPED, ("server", "port"), -1), ("collect", "quiet_ms"), "soon")
    said = refused(written(tmp_path, config, SCHOOL))
    assert "server.port" in said
    assert "collect.quiet_ms" in said


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    desk = {key: value for key, value in SCHOOL.items() if key != "hours"}
    assert "hours: is missing and has to be set" in refused(written(tmp_path, SHIPPED, desk))


def test_two_desks_share_nothing_that_names_them(tmp_path: Path) -> None:
    other = SCHOOL | {"name": "shop"}
    said = refused(written(tmp_path, SHIPPED, SCHOOL, other))
    assert "desks share the case_prefix SCH; each needs its own" in said


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    said = refused(tmp_path / "none.yaml")
    assert "none.yaml: cannot be read" in said
    assert "--config" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [("a: [", "is not YAML"), ("- 1", "keys with values have to stand here"), ("", "desks: is missing")],
)
def test_a_file_that_holds_something_else(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, "utf-8")
    assert words in refused(path)


def test_secrets_come_from_the_environment_only_and_are_never_shown() -> None:
    settings = load(CONFIG, {"LOKET_TELEGRAM_BOT_TOKEN": "1:very-secret", "LOKET_AUDIT_SALT": ""})
    token = settings.secrets.telegram_bot_token
    assert token is not None
    assert token.get_secret_value() == "1:very-secret"
    assert settings.secrets.audit_salt is None
    assert "very-secret" not in repr(settings)


def test_public_holidays_are_days_off() -> None:
    hours = load(CONFIG, {}).desks[0][1].hours
    with_them = with_holidays(hours, "ID", range(2026, 2028))
    # Independence day, Christmas, and the lunar new year that moves.
    assert {date(2026, 8, 17), date(2026, 12, 25), date(2026, 2, 17)} <= with_them.holidays
    assert date(2026, 8, 18) not in with_them.holidays
    assert with_holidays(hours, None, range(2026, 2027)) is hours


def test_an_unknown_country_is_refused() -> None:
    hours = load(CONFIG, {}).desks[0][1].hours
    with pytest.raises(BadInput, match="holidays: 'XX' is not allowed"):
        with_holidays(hours, "XX", range(2026, 2027))


@pytest.mark.parametrize("file", [CONFIG, DESK], ids=lambda file: file.name)
def test_every_value_has_a_comment_of_one_line(file: Path) -> None:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        bare = re.sub(r'"[^"]*"', '""', line)
        key, colon, rest = bare.strip().partition(":")
        group = colon and not rest.strip()
        if not bare.strip() or bare.lstrip().startswith("#") or group:
            continue
        assert re.search(r"\s# \S", bare), f"{file.name}:{number}: {key} has no comment"


@pytest.mark.parametrize(("file", "raw_tree"), [(CONFIG, SHIPPED), (DESK, SCHOOL)], ids=["config", "desk"])
def test_nothing_that_can_be_set_is_hidden(file: Path, raw_tree: Raw) -> None:
    settings = load(CONFIG, {})
    shape = settings.shared if file == CONFIG else settings.desks[0][1]
    # These have no fixed keys to list; and `hours.holidays` is filled from the country.
    free = {("limits", "cutoff"), ("model", "models"), ("model", "tasks"), ("hours", "week")}
    # What only a shop has is shown by the shop.
    trees = [raw_tree] if file == CONFIG else [raw_tree, yaml.safe_load(SHOP.read_text("utf-8"))]
    shown = {path for tree in trees for path in leaves(tree) if path[:2] not in free}
    known = {path for path in leaves(shape.model_dump(mode="json")) if path[:2] not in free}
    assert known - shown == ({("hours", "holidays")} if file == DESK else set())


def test_all_the_shipped_desks_can_be_served_side_by_side(tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    config["desks"] = [str(home) for home in sorted((ROOT / "desks").iterdir())]
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump(config), encoding="utf-8")
    assert len(load(file, {}).desks) == len(config["desks"]) >= 4
