"""What no file of the tree may hold, whoever wrote it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = (
    *("casefile", "ports", "policies", "prompts", "understanding", "agents", "graph", "store", "services"),
    *("adapters", "gateway", "console", "sandbox", "evals", "app", "scripts"),
)
# Written in pieces, so that this file does not hold what it looks for.
HOSTS = tuple(
    "".join(pieces)
    for pieces in (
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("conda", ".io"),
        ("conda", ".org"),
        ("npm", "js."),
        ("hugging", "face.co"),
        ("ghcr", ".io"),
        ("docker", ".io"),
        ("proxy.golang", ".org"),
        ("crates", ".io"),
        ("deb.debian", ".org"),
        ("archive.ubuntu", ".com"),
        ("jsdelivr", ".net"),
        ("unpkg", ".com"),
        ("fonts.google", "apis.com"),
    )
)
MACHINE = re.compile(r"(?<![\w.:/~-])/(?:home|root|Users|work|opt|tmp|mnt|srv)/[\w.-]+|\b[A-Z]:\\\\?Users\b")
NO_LEFTOVERS = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
ACTS = {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint"}
TEXT = {
    ".py",
    ".md",
    ".yaml",
    ".yml",
    ".toml",
    ".txt",
    ".in",
    ".lock",
    ".sh",
    ".js",
    ".css",
    ".html",
    ".sql",
    "",
}
LONGEST = 260


def tree() -> list[Path]:
    """Return every text file that belongs to the repository."""
    tops = [p for p in ROOT.iterdir() if p.name in {".ci", ".gitignore"} or p.name[0] not in "._"]
    files = [f for top in tops if top.name != "var" for f in (top.rglob("*") if top.is_dir() else [top])]
    return [f for f in files if f.is_file() and f.suffix in TEXT and "__pycache__" not in f.parts]


def test_no_host_of_a_registry_stands_in_the_tree() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {host}"
        for file in tree()
        for host in HOSTS
        if host in file.read_text(encoding="utf-8").lower()
    ]
    assert found == []


def test_no_path_of_one_machine_stands_in_the_tree() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in tree()
        if file != Path(__file__).resolve()
        for match in MACHINE.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_work_is_left_in_a_comment() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in tree()
        if file.suffix in {".py", ".js", ".yaml", ".sql", ".sh"} and file != Path(__file__).resolve()
        for match in NO_LEFTOVERS.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("package", ["casefile", "policies"])
def test_the_pure_packages_call_nothing_built_in_that_acts(package: str) -> None:
    """The import contract cannot see what needs no import."""
    found = [
        f"{file.name}:{node.lineno}: {node.func.id}"
        for file in (ROOT / package).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ACTS
    ]
    assert found == []


def test_modules_are_small_enough_to_hold_in_mind() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for package in OURS
        for file in (ROOT / package).rglob("*.py")
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_nothing_is_mocked_or_skipped() -> None:
    words = re.compile(
        r"unittest\.mock|MagicMock|\bmark\.(?:skip|skipif|xfail)\b|pytest\.(?:skip|importorskip)\("
    )
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for file in (ROOT / "tests").rglob("*.py")
        if file != Path(__file__).resolve()
        for match in words.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_test_module_has_a_name_of_its_own() -> None:
    """Two of one name cannot be imported in one run."""
    names = [file.name for file in (ROOT / "tests").rglob("*.py") if file.name.startswith("test_")]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_no_decision_asks_the_machine_for_the_time() -> None:
    """Time is a port: nobody but the clocks asks the machine for it (ruff bans the calls it can name)."""
    asks = re.compile(r"\b(?:monotonic|perf_counter|localtime|gmtime)\(")
    found = [
        f"{file.relative_to(ROOT)}: {match.group()}"
        for package in ("casefile", "policies", "agents", "graph", "prompts", "ports")
        for file in (ROOT / package).rglob("*.py")
        for match in asks.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_these_checks_find_what_they_look_for() -> None:
    assert MACHINE.search("cache: /" + "home/someone/models")
    assert MACHINE.search("see C:\\" + "Users for more")
    assert not MACHINE.search("GET /webhooks/whatsapp and https://example.test/home/page")
    assert NO_LEFTOVERS.search("# TO" + "DO: later")
