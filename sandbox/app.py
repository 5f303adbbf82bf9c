"""The sandbox put together."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from sandbox import (
    control_model,
    control_notion,
    control_payments,
    control_telegram,
    control_watch,
    control_whatsapp,
    control_world,
)
from sandbox.clock import SharedClock
from sandbox.embeddings_http import EmbeddingsApi
from sandbox.midtrans_http import MidtransApi
from sandbox.model_http import ModelApi
from sandbox.notion_http import NotionApi
from sandbox.parts import Sandbox
from sandbox.settings import SandboxSettings
from sandbox.sources import Sources
from sandbox.telegram_http import BotApi
from sandbox.whatsapp_http import GraphApi
from sandbox.xendit_http import XenditApi

PAGE = Path(__file__).parent / "page"


def build(settings: SandboxSettings, clock: SharedClock) -> Starlette:
    """The application; its parts are at `app.state.sandbox`."""
    sandbox = Sandbox(settings, clock)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await sandbox.close()

    graph = GraphApi(sandbox.numbers.values(), sandbox.faults, sandbox.receipts, sandbox.stopping)
    bot = BotApi(sandbox.telegram, sandbox.faults, sandbox.receipts, sandbox.stopping)
    midtrans = MidtransApi(sandbox.midtrans, sandbox.faults, sandbox.stopping)
    xendit = XenditApi(sandbox.xendit, sandbox.faults, sandbox.stopping)
    model = ModelApi(sandbox.model, settings.model.api_key, sandbox.faults, sandbox.stopping)
    embeddings = EmbeddingsApi(sandbox.embeddings, settings.model.api_key, sandbox.faults, sandbox.stopping)
    notion = NotionApi(
        sandbox.notion, sandbox.notion_tables, sandbox.faults, sandbox.receipts, sandbox.stopping
    )
    app = Starlette(
        routes=[
            *graph.routes(),
            *bot.routes(),
            *model.routes(),
            *embeddings.routes(),
            *notion.routes(),
            *midtrans.routes(),
            *xendit.routes(),
            *Sources(sandbox.faults, sandbox.stopping).routes(),
            *control_world.routes(sandbox),
            *control_watch.routes(sandbox),
            *control_whatsapp.routes(sandbox),
            *control_telegram.routes(sandbox),
            *control_model.routes(sandbox),
            *control_notion.routes(sandbox),
            *control_payments.routes(sandbox),
            Mount("/", StaticFiles(directory=PAGE, html=True)),
        ],
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    return app
