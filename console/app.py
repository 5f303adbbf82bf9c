"""The console as an ASGI app, mounted under `/console`; it reads and never writes."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from casefile.case import LEGAL
from console.case_view import case_view, line_view
from console.headers import SecurityHeaders
from console.masking import Masking
from console.source import ConsoleSource, File, Line, Plain
from ports.clock import Clock

PAGE = Path(__file__).parent / "page"
SETTLED: tuple[str, ...] = ("resolved", "closed")
OPEN_STATES: tuple[str, ...] = tuple(state for state in LEGAL if state not in SETTLED)
LINES_PER_STATE = 50
LINES_SEARCHED = 500
TURNS_SHOWN = 30
LATEST = "latest"


@dataclass(frozen=True, slots=True)
class DeskLink:
    """One of several desks: what customers call it, and where its console is."""

    title: str
    path: str
    here: bool


class _Console:
    """The routes' answers; reads are quick enough to be made where they are asked for."""

    def __init__(
        self, views: ConsoleSource, clock: Clock, zone: ZoneInfo, reveal: bool, desks: Sequence[DeskLink]
    ) -> None:
        self._views = views
        self._desks = [asdict(desk) for desk in desks]
        self._clock = clock
        self._zone = zone
        self._masking = Masking(reveal)

    async def home(self, request: Request) -> Response:
        """Send the reader to the list of cases."""
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{request.scope.get('root_path', '')}/cases{query}", 307)

    async def page(self, request: Request) -> Response:
        """Serve the one page; its script sees from the address what to show."""
        return FileResponse(PAGE / "index.html")

    async def cases(self, request: Request) -> Response:
        """List what is open first, the soonest due on top, then what was settled last."""
        reveal = self._masking.reveal
        opened: list[Line] = []
        for state in OPEN_STATES:
            opened += self._views.cases(state=state, limit=LINES_PER_STATE, plain=reveal)
        settled: list[Line] = []
        for state in SETTLED:
            settled += self._views.cases(state=state, limit=LINES_PER_STATE, plain=reveal)
        opened.sort(key=lambda line: (line.due_at is None, line.due_at or line.updated_at, line.id))
        settled.sort(key=lambda line: (line.updated_at, line.id), reverse=True)
        names = self._views.staff_names()
        lines = [line_view(line, names) for line in (*opened, *settled)]
        shown = {"zone": self._zone.key, "revealed": reveal, "cases": lines, "desks": self._desks}
        tag = _tag(shown)
        return self._unchanged(tag) if _has(request, tag) else self._answer(shown, tag)

    async def incidents(self, request: Request) -> Response:
        """Answer what is down now."""
        shown: Plain = {"zone": self._zone.key, "incidents": self._views.incidents()}
        tag = _tag(shown)
        return self._unchanged(tag) if _has(request, tag) else self._answer(shown, tag)

    async def case(self, request: Request) -> Response:
        """Answer one case, or with `latest` the one a conversation moved last."""
        conversation = request.query_params.get("conversation", "")
        case_id = request.path_params["case_id"]
        if case_id == LATEST:
            case_id = self._latest(conversation)
            if case_id is None:
                nothing: Plain = {"zone": self._zone.key, "revealed": self._masking.reveal, "case": None}
                tag = _tag(nothing)
                return self._unchanged(tag) if _has(request, tag) else self._answer(nothing, tag)
        file = self._views.case(case_id, plain=self._masking.reveal)
        if file is None:
            raise HTTPException(404, "there is no such case")
        beside = self._views.cases(
            conversation_id=file.case["conversation_id"], limit=LINES_PER_STATE, plain=self._masking.reveal
        )
        names = self._views.staff_names()
        # What is stored decides whether anything is new; records are unpacked only when it is.
        tag = _tag([_stored(file), [line_view(line, names) for line in beside], names])
        if _has(request, tag):
            return self._unchanged(tag)
        first = max(1, file.case["turn"] - TURNS_SHOWN + 1)
        records = self._views.records(case_id, first)
        return self._answer(case_view(file, records, beside, names, self._masking, self._zone), tag)

    def _latest(self, conversation: str) -> str | None:
        """Return the case a conversation moved last; it is named by its id or by its customer's address."""
        if not conversation:
            found = self._views.cases(limit=1)
            return found[0].id if found else None
        own = self._views.cases(conversation_id=conversation, limit=1)
        if own:
            return own[0].id
        wanted = _bare(conversation)
        lines = self._views.cases(limit=LINES_SEARCHED, plain=True)
        return next((line.id for line in lines if _bare(line.customer) == wanted), None)

    def _answer(self, shown: Plain, tag: str) -> Response:
        return JSONResponse(shown, headers=self._live(tag))

    def _unchanged(self, tag: str) -> Response:
        return Response(status_code=304, headers=self._live(tag))

    def _live(self, tag: str) -> dict[str, str]:
        # The desk's time goes along with every answer: a page that has nothing new still counts down.
        return {"ETag": tag, "Cache-Control": "no-store", "Loket-Now": self._clock.now().isoformat()}


def build_console(
    views: ConsoleSource,
    clock: Clock,
    zone: ZoneInfo,
    *,
    reveal: bool,
    framed_by: Sequence[str] = (),
    desks: Sequence[DeskLink] = (),
) -> Starlette:
    """Return one desk's console; `reveal` shows customers' words and numbers, `framed_by` may embed it (origins).

    `desks` are those of the deployment, to go from one to the other.
    """
    console = _Console(views, clock, zone, reveal, desks)
    return Starlette(
        routes=[
            Route("/", console.home),
            Route("/cases", console.page),
            Route("/cases/{case_id}", console.page),
            Route("/api/cases", console.cases),
            Route("/api/incidents", console.incidents),
            Route("/api/cases/{case_id}", console.case),
            Mount("/page", StaticFiles(directory=PAGE)),
        ],
        middleware=[Middleware(SecurityHeaders, framed_by=tuple(framed_by))],
        exception_handlers={HTTPException: _refused},
    )


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    why = error.detail if isinstance(error, HTTPException) else ""
    return JSONResponse({"error": why}, status, headers=headers)


def _stored(file: File) -> list[object]:
    rows = (file.turns, file.transitions, file.effects, file.operations, file.approvals)
    return [file.case, file.conversation, *rows, file.evidence, file.audit, file.timers]


def _tag(shown: object) -> str:
    return f'"{hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:24]}"'


def _has(request: Request, tag: str) -> bool:
    return request.headers.get("if-none-match") == tag


def _bare(address: str) -> str:
    """Return an address without what the sandbox's page leaves out of it: a plus sign, spaces."""
    return re.sub(r"[^\w.]", "", address)
