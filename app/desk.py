"""One desk as its files say it: words, knowledge, records, understanding, bound to its rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agents.work import Desk
from app.desk_settings import DeskConfig
from app.rules import rules_of
from app.settings import ROOT, Settings
from casefile.base import Language
from casefile.errors import BadInput
from ports.clock import Clock
from prompts.lane import LaneVoice
from prompts.lane_templates import LaneTemplates
from prompts.render import Templates
from prompts.tone import ToneRules, load_tone
from prompts.variant import check_variant, templates_in, words_in
from services.pages import Page, read_pages
from store.records_load import Records, read_records
from understanding.reader import Layer, Reader

SHARED_TEMPLATES = ROOT / "prompts" / "templates"
# Over them where it is booked by the hour: what is said of bookings, not of lessons.
APPOINTMENT_TEMPLATES = ROOT / "prompts" / "appointments" / "templates"
UNDERSTANDING = ROOT / "understanding" / "data"
APPOINTMENTS = ROOT / "understanding" / "appointments"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one desk reads from files and nothing changes afterwards, so that several servers can share it."""

    templates: Templates
    lane_templates: LaneTemplates
    tone: Mapping[Language, ToneRules]
    pages: tuple[Page, ...]
    records: Records | None
    reader: Reader


def load_desk(settings: Settings, cache: Path | None = None) -> Loaded:
    """Read everything the one desk has in files; `cache` keeps the trained reader."""
    home, config = only_desk(settings)
    return Loaded(
        templates=templates_of(home, config, settings.words),
        lane_templates=LaneTemplates.load(SHARED_TEMPLATES),
        tone=load_tone(words_in(settings.words, "tone.yaml")),
        pages=pages_at(home, config),
        records=read_records(home / "records") if config.sample_records else None,
        reader=reader_of(home, config, settings, cache),
    )


def reader_of(home: Path, config: DeskConfig, settings: Settings, cache: Path | None) -> Reader:
    """Load what understands the customers of the desk of this folder."""
    own = home / "understanding"
    return Reader.load(UNDERSTANDING, own, settings.shared.understanding, cache, layer_of(config))


def layer_of(config: DeskConfig) -> Layer | None:
    """Return what desks of this kind understand alike; None where a desk is of no such kind."""
    if config.appointments is None:
        return None
    services = config.appointments.services
    named = {
        "layanan": tuple(s.name["id"] for s in services),
        "service": tuple(s.name["en"] for s in services),
    }
    return Layer(APPOINTMENTS, named, config.appointments.own_words())


def pages_at(home: Path, config: DeskConfig) -> tuple[Page, ...]:
    """Read the pages beside a desk; one that writes elsewhere needs none, and their drafts are not its own."""
    folder = home / "knowledge"
    if config.knowledge.source == "folder":
        return read_pages(folder)
    return tuple(p for p in read_pages(folder) if p.status == "Published") if folder.is_dir() else ()


def templates_of(home: Path, config: DeskConfig, words: Path | None) -> Templates:
    """Load what customers are told at the desk of this folder: shared, the desk's own, a variant's on top."""
    if words is not None:
        check_variant(words)
    booked = APPOINTMENT_TEMPLATES if config.appointments else None
    templates = Templates.load(SHARED_TEMPLATES, booked, home / "templates", templates_in(words))
    _refuse_questions_without_words(home, config, templates)
    return templates


def _refuse_questions_without_words(home: Path, config: DeskConfig, templates: Templates) -> None:
    """Refuse an interview with a question that no template asks."""
    for number, question in enumerate(config.leads.questions if config.leads else ()):
        if templates.variables.get(question.template) != frozenset():
            raise BadInput(
                f"{home / 'desk.yaml'}: leads.questions.{number}.template: there is no template"
                f" {question.template!r} without placeholders; declare it in templates/variables.yaml as"
                f" `{question.template}: []` and word it in templates/id.yaml and en.yaml"
            )


def desk_of(config: DeskConfig, loaded: Loaded, clock: Clock) -> Desk:
    """Bind one desk's words to its rules."""
    return _desk(config, loaded.templates, loaded.lane_templates, loaded.tone, clock.now().year)


def desk_for(home: Path, config: DeskConfig, year: int, words: Path | None = None) -> Desk:
    """Load only what a desk says and by which rules: enough to run turns again."""
    tone = load_tone(words_in(words, "tone.yaml"))
    return _desk(config, templates_of(home, config, words), LaneTemplates.load(SHARED_TEMPLATES), tone, year)


def _desk(
    config: DeskConfig,
    templates: Templates,
    lane_templates: LaneTemplates,
    tone: Mapping[Language, ToneRules],
    year: int,
) -> Desk:
    return Desk(
        rules=rules_of(config, year),
        templates=templates,
        lanes=LaneVoice(lane_templates, config.lane_language, templates.labels),
        tone=tone,
        case_prefix=config.case_prefix,
    )


def only_desk(settings: Settings) -> tuple[Path, DeskConfig]:
    """Return the one desk that is served; raises BadInput where there are several."""
    if len(settings.desks) != 1:
        raise BadInput(f"{settings.config_path}: desks: exactly one desk is served by this version")
    return settings.desks[0]
