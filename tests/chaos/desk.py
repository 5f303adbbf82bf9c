"""What the desk has in files, read once for every server forked from here."""

from app.desk import load_desk
from app.stage import cache_of
from tests.chaos.serve import SETTINGS

LOADED = load_desk(SETTINGS, cache_of(SETTINGS))
