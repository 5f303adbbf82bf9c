"""The command's frame: quick to start, clear when something is wrong."""

from pathlib import Path

import pytest

from app.cli.main import main
from tests.cli.cli_scenes import ROOT, loket

COMMANDS = (
    "demo", "serve", "doctor", "explain", "cases", "cases list", "cases show", "cases resolve", "replay",
    "approve", "deny", "edit", "reply", "tasks list", "tasks done", "confirm-payment", "policy show",
    "prompts show", "prompts list", "kb", "kb sync", "kb diff", "kb publish", "kb rollback", "kb releases", "kb gaps",
    "ledger", "ledger list", "ledger resend", "bench", "retention",
    "eval", "eval understanding", "audit", "audit sample", "audit label", "audit report",
    "learn", "learn list", "learn show", "learn accept", "learn reject",
)  # fmt: skip


LIGHT = {
    "app", "app.cli", "app.cli.main", "app.cli.parser", "app.cli.parser_cost", "app.cli.parser_eval",
    "app.cli.parser_keeping", "app.cli.parser_learning", "app.cli.parser_shop",
}  # fmt: skip


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from app.cli.main import main\n"
        "try:\n    main(['--help'])\n"
        "except SystemExit:\n    print(' '.join(sys.modules), file=sys.stderr)\n"
    )
    done = loket_code(code)
    loaded = set(done.split())
    ours = {path.name for path in ROOT.iterdir() if (path / "__init__.py").is_file()}
    assert {name for name in loaded if name.split(".")[0] in ours} == LIGHT
    assert not loaded & {"pydantic", "yaml", "langgraph", "asyncio", "typing"}


def loket_code(code: str) -> str:
    import subprocess
    import sys

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, text=True, check=True)
    assert "COMMAND" in done.stdout
    return done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), "--help"])
    assert ended.value.code == 0
    assert "usage: loket" in capsys.readouterr().out


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2


def test_a_config_that_is_not_there_is_one_clear_line() -> None:
    done = loket("policy", "show", "--config", "nowhere.yaml")
    assert done.returncode == 2
    assert done.stdout == b""
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("loket policy: nowhere.yaml: cannot be read")


def test_a_database_that_is_not_there_says_what_makes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cases", "list", "--home", str(tmp_path / "none")]) == 2
    assert "loket serve" in capsys.readouterr().err


def test_the_demo_never_empties_a_folder_it_did_not_make(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert main(["demo", "--home", str(tmp_path)]) == 2
    assert (tmp_path / "thesis.txt").exists()
    assert "holds something else" in capsys.readouterr().err


def test_an_unknown_script_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--script", "no-such-script"]) == 2
    assert "no-such-script" in capsys.readouterr().err
