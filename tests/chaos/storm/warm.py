"""What every process of a storm needs, imported once by multiprocessing's fork server: a start then costs a fork."""

from app import scaled
from app.cli import decide, ledger, serve
from app.desk import load_desk
from app.settings import ROOT, load

IMPORTED = (decide, ledger, serve, scaled)
# What it imports late it has then imported, and a reader that has to be trained is trained before anybody waits.
_SETTINGS = load(ROOT / "config.yaml", {}).alone("school")
load_desk(_SETTINGS, _SETTINGS.cache)
