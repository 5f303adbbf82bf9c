"""A deployment of the school and a barber's desk that somebody else wrote."""

from functools import cache
from pathlib import Path

from app.desk_settings import read_desk
from app.settings import ROOT, Settings
from tests.graph.whole import settings as shipped

BARBER = Path(__file__).parent / "barber"


@cache
def two_desks() -> Settings:
    """Return the settings of both, the school first."""
    school = shipped().alone("school")
    barber = BARBER, read_desk(BARBER / "desk.yaml")
    return school.model_copy(update={"desks": (*school.desks, barber)})


@cache
def salon() -> Settings:
    """Return the settings of the salon alone, which takes bookings."""
    home = ROOT / "desks" / "salon"
    return shipped().model_copy(update={"desks": ((home, read_desk(home / "desk.yaml")),)})


@cache
def software() -> Settings:
    """Return the settings of the software house alone, which qualifies its prospects."""
    home = ROOT / "desks" / "software"
    return shipped().model_copy(update={"desks": ((home, read_desk(home / "desk.yaml")),)})
