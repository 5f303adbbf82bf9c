"""A store for each desk: none can see another's data, on either database, and the commands find the right one."""

import asyncio
from pathlib import Path

import pytest

from adapters.clock import ManualClock
from app.cli.main import main
from app.database import backend_of, conninfo_of
from app.desk import Loaded, load_desk
from app.settings import ROOT, Settings, media_folder
from app.wire import wire
from casefile.errors import BadInput
from store.database import Database
from tests.cli.cli_scenes import held, refund_asked
from tests.desks.deployment import BARBER, two_desks
from tests.graph.whole import MONDAY, loaded
from tests.support.postgres import Postgres


def read(name: str) -> Loaded:
    """Return what a desk has in files."""
    alone = two_desks().alone(name)
    return loaded() if name == "school" else load_desk(alone, ROOT / "var" / "understanding")


def at(home: Path, url: str | None = None) -> Settings:
    """Return both desks' settings with their stores below a folder, or on a server."""
    shared = two_desks().shared
    database = shared.database.model_copy(update={"path": home / "loket.db", "url": url})
    return two_desks().model_copy(update={"shared": shared.model_copy(update={"database": database})})


@pytest.fixture(params=["sqlite", "postgres"])
def placed(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        return at(tmp_path)
    postgres: Postgres = request.getfixturevalue("postgres")
    return at(tmp_path, postgres.url(postgres.lend()))


async def test_no_desk_can_see_another_s_data(placed: Settings) -> None:
    for one in placed.each:
        wired = await wire(one, clock=ManualClock(MONDAY), loaded=read(one.desks[0][1].name))
        wired.database.close()
    people = {}
    for one in placed.each:
        opened = Database.of(backend_of(one))
        people[one.desks[0][1].name] = {row["id"] for row in opened.read("SELECT id FROM contacts")}
        opened.close()
    assert people["barber"] == {"ct_wayan"}
    assert "ct_rina" in people["school"]
    assert "ct_wayan" not in people["school"]


def test_another_desk_s_store_is_refused(tmp_path: Path) -> None:
    """Who reorders the desks in the config would else serve one from the other's case files."""
    held(tmp_path, refund_asked)
    both = at(tmp_path)
    swapped = both.model_copy(update={"desks": both.desks[::-1]}).each[0]
    with pytest.raises(BadInput, match="holds the school desk's data, not the barber's"):
        asyncio.run(wire(swapped, clock=ManualClock(MONDAY), loaded=read("barber")))


def test_files_are_kept_apart_as_well(tmp_path: Path) -> None:
    first, second = at(tmp_path).each
    assert media_folder(first) == tmp_path / "media"
    assert media_folder(second) == tmp_path / "media-barber"


def test_on_a_server_every_further_desk_has_a_schema() -> None:
    first, second = at(Path("var"), "postgresql://loket@db.internal/loket?sslmode=require").each
    assert conninfo_of(first) == "postgresql://loket@db.internal/loket?sslmode=require"
    assert conninfo_of(second).endswith("?sslmode=require&options=-csearch_path%3Dloket_barber")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    shipped = (ROOT / "config.yaml").read_text("utf-8")
    (before, after) = shipped.split("desks:", 1)
    rest = after.split("collect:", 1)[1]
    path = tmp_path / "config.yaml"
    desks = f"desks:\n  - {ROOT / 'desks' / 'school'}\n  - {BARBER}\n"
    path.write_text(f"{before}{desks}collect:{rest}", "utf-8")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "understanding").symlink_to(ROOT / "var" / "understanding")
    return path


def test_a_command_finds_its_desk_or_asks_for_it(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["--config", str(config), "--home", str(tmp_path / "home")]
    assert main(["cases", "list", *told]) == 2
    assert "there is no database at" in capsys.readouterr().err
    held(tmp_path / "home", refund_asked)
    # The only one that has been here.
    assert main(["cases", "list", *told]) == 0
    assert "SCH-2026-0001" in capsys.readouterr().out
    assert main(["cases", "show", "PKS-2026-0001", *told]) == 2
    assert "no database at" in capsys.readouterr().err
    barber = at(tmp_path / "home").alone("barber")
    asyncio.run(wire(barber, clock=ManualClock(MONDAY), loaded=read("barber"))).database.close()
    assert main(["cases", "list", *told]) == 2
    assert "there are several desks; say which with --desk: school, barber" in capsys.readouterr().err
    assert main(["cases", "list", "--desk", "barber", *told]) == 0
    assert "No cases." in capsys.readouterr().out
    assert main(["cases", "show", "SCH-2026-0001", *told]) == 0
    assert main(["cases", "list", "--desk", "florist", *told]) == 2
    assert "there is no desk 'florist'; known are school, barber" in capsys.readouterr().err
