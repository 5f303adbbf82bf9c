"""The stage: sandbox and server together on this machine, as the demo, the scripts and the tests use them."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue

from app.desk import Loaded
from app.desk_settings import DeskConfig
from app.front import bound
from app.serve import LoketServer
from app.settings import SandboxConfig, Settings
from app.sheet_stage import laid_out
from app.stage_sandbox import SANDBOX_SECRETS, sandbox_settings
from app.vendor_settings import MidtransConfig, NotionConfig, TelegramConfig, WhatsAppConfig, XenditConfig
from app.wire import Wired, wire
from casefile.errors import BadInput
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from store.database import Backend
from store.writer import OnCommit

# On a stage people watch and nobody pays for a look: what breaks is seen, and seen to be back, within seconds.
QUICK = {"first_wait_seconds": 1.0, "longest_wait_seconds": 4.0, "idle_seconds": 1.0}


@dataclass(slots=True)
class Stage:
    """A running sandbox and server; `home` holds their files, `wired` is the first desk."""

    sandbox: SandboxServer
    server: LoketServer
    clock: SharedClock
    home: Path
    wired: Wired

    async def stop(self) -> None:
        """Stop the server, then the sandbox."""
        await self.server.stop()
        await self.sandbox.stop()


async def open_stage(
    settings: Settings,
    home: Path,
    *,
    sandbox_port: int = 0,
    server_port: int = 0,
    freeze_at: datetime | None = None,
    desk: Mapping[str, JsonValue] | None = None,
    on_commit: OnCommit | None = None,
    loaded: Loaded | None = None,
    watched: bool = True,
    own_model: bool = False,
    database: Backend | None = None,
) -> Stage:
    """Start both with everything under `home` (emptied first); `desk` overrides keys of the first desk.yaml.

    The first desk's store is a file there, unless it is to be in another `database`.

    `loaded` is what `app.wire.load_desk` read of it, when several stages follow one another. Where nothing is going to
    break, nothing need be `watched` more closely than in earnest. `own_model` asks the models of the settings, not the
    sandbox's.
    """
    _emptied(home)
    clock = SharedClock(home / "clock.json")
    if freeze_at is None:
        clock.flow()
    else:
        clock.freeze(freeze_at)
    door = bound("127.0.0.1", server_port)
    url = "http://{}:{}".format(*door.getsockname())
    (desk_home, config), *others = settings.desks
    config = overridden(config, desk or {})
    told = sandbox_settings(desk_home, config, home, url, others)
    sandbox = SandboxServer(told, clock, port=sandbox_port)
    await sandbox.start()
    staged = staged_settings(settings, config, home, sandbox.url, watched=watched, own_model=own_model)
    first, *beside = staged.each
    cache = cache_of(settings)
    wired = [await wire(first, database=database, on_commit=on_commit, cache=cache, loaded=loaded)]
    wired += [await wire(one, cache=cache) for one in beside]
    for each in wired:
        await laid_out(each, sandbox.url)
    server = LoketServer(
        wired, door, frame_ancestors=(sandbox.url, sandbox.url.replace("127.0.0.1", "localhost"))
    )
    await server.start()
    return Stage(sandbox, server, clock, home, wired[0])


def _emptied(home: Path) -> None:
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True)


def cache_of(settings: Settings) -> Path:
    """Return where the trained reader is kept, so that stages need not train it again."""
    return settings.cache


def staged_settings(
    settings: Settings,
    config: DeskConfig,
    home: Path,
    sandbox_url: str,
    *,
    watched: bool = True,
    own_model: bool = False,
) -> Settings:
    """Return the settings with the sandbox standing in for every outside system; `config` is the first desk's."""
    shared = settings.shared.model_copy(
        update={
            "database": settings.shared.database.model_copy(update={"path": home / "loket.db", "url": None}),
            "whatsapp": WhatsAppConfig(
                base_url=f"{sandbox_url}/graph",
                timeout_seconds=min(8, settings.shared.whatsapp.timeout_seconds),
            ),
            "telegram": TelegramConfig(
                base_url=f"{sandbox_url}/telegram",
                timeout_seconds=min(3, settings.shared.telegram.timeout_seconds),
            ),
            "midtrans": MidtransConfig(
                base_url=f"{sandbox_url}/midtrans", snap_url=f"{sandbox_url}/midtrans", timeout_seconds=3
            ),
            "xendit": XenditConfig(base_url=f"{sandbox_url}/xendit", timeout_seconds=3),
            "notion": NotionConfig(base_url=f"{sandbox_url}/notion", timeout_seconds=3),
            "model": settings.shared.model.model_copy(
                update={} if own_model else {"base_url": f"{sandbox_url}/v1"}
            ),
            # Whatever the model's vectors are as long as, the sandbox's are of the length asked for.
            "embedding": settings.shared.embedding.model_copy(
                update={"base_url": f"{sandbox_url}/v1", "shorten": True}
            ),
            "delivery": settings.shared.delivery.model_copy(update={"health_seconds": 1}),
            "degraded": settings.shared.degraded.model_copy(update=QUICK if watched else {}),
            "sandbox": SandboxConfig(state_dir=home, url=sandbox_url),
        }
    )
    key = settings.secrets.model_api_key if own_model else SANDBOX_SECRETS.model_api_key
    secrets = SANDBOX_SECRETS.model_copy(update={"model_api_key": key})
    return settings.model_copy(
        update={
            "shared": shared,
            "desks": ((settings.desks[0][0], config), *settings.desks[1:]),
            "secrets": secrets,
            "own_keys": {},
        }
    )


def overridden(config: DeskConfig, changes: Mapping[str, JsonValue]) -> DeskConfig:
    """Return a desk's settings with some keys changed; limits may be given in part."""
    merged = config.model_dump(mode="json")
    for key, value in changes.items():
        if key not in merged:
            raise BadInput(f"desk: there is no key {key!r}; allowed are {', '.join(sorted(merged))}")
        old = merged[key]
        merged[key] = {**old, **value} if isinstance(old, dict) and isinstance(value, dict) else value
    return DeskConfig.model_validate(merged)
