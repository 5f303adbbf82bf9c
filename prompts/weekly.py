"""The weekly pack in words: the same lines for the terminal and for the ops lane."""

from collections.abc import Iterator

from casefile.money import micro_rupiah, rupiah
from casefile.weekly import Decided, Spread, TierWeek, WeeklyPack
from prompts.lane import LaneVoice

# What would be a list without end is in `loket audit report`.
REASONS = 3
HOUR, DAY = 60, 24 * 60


def sections(pack: WeeklyPack, voice: LaneVoice) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each part's heading, with its lines as what and how much; a part in which nothing happened is left out."""
    parts = {
        "service": _service(pack, voice),
        "cases": ((one.tier, _tier(one, voice)) for one in pack.tiers if one.tier),
        "people": _people(pack, voice),
        "quality": _quality(pack, voice),
        "money": _money(pack, voice),
        "models": _models(pack, voice),
        "technology": _technology(pack, voice),
    }
    for name, lines in parts.items():
        if said := [(voice.word("weekly", what), figure) for what, figure in lines]:
            yield voice.word("weekly", name), said


def post_lines(pack: WeeklyPack, voice: LaneVoice) -> Iterator[str]:
    """Yield the lines of the lane's post."""
    for heading, lines in sections(pack, voice):
        yield heading
        yield from (f"• {what}: {figure}" for what, figure in lines)


def _service(pack: WeeklyPack, voice: LaneVoice) -> Iterator[tuple[str, str]]:
    yield "first_response", _spread(pack.first_response, voice)
    yield "resolution", _spread(pack.resolution, voice)
    yield "resolution_by_people", _spread(pack.resolution_by_people, voice)
    yield "reopened", _share(pack.reopened, pack.resolved)


def _tier(one: TierWeek, voice: LaneVoice) -> str:
    return voice.word("weekly", "of_tier").format(
        cases=one.cases, escalated=_share(one.escalated, one.cases), resolved=one.resolved
    )


def _people(pack: WeeklyPack, voice: LaneVoice) -> Iterator[tuple[str, str]]:
    yield "approval", _spread(pack.approval, voice)
    yield "refunds", _decided(pack.refunds, voice)
    yield "exceptions", _decided(pack.exceptions, voice)
    yield "takeovers", str(pack.takeovers)
    yield "handed_over", str(pack.handed_over)
    if pack.moves:
        yield "moves", _share(pack.moved, pack.moves)
    if pack.sessions:
        yield "no_shows", _share(pack.consumed, pack.sessions)


def _quality(pack: WeeklyPack, voice: LaneVoice) -> Iterator[tuple[str, str]]:
    yield "held", _share(pack.held, pack.messages)
    yield "unverified", str(pack.unverified)
    if pack.faults.cases:
        yield "without_source", _of_100(pack.faults.without_source, pack.faults.cases)
        yield "invented", _of_100(pack.faults.invented, pack.faults.cases)
    for what in ("held", "edited", "denied"):
        said = [f"{one.why} {one.count}" for one in pack.stopped if one.what == what]
        if said:
            yield f"why_{what}", ", ".join(said[:REASONS])


def _money(pack: WeeklyPack, voice: LaneVoice) -> Iterator[tuple[str, str]]:
    if pack.followed_up or pack.recovered:
        paid = rupiah(pack.recovered_rupiah, voice.language)
        yield "recovery", f"{_share(pack.recovered, pack.followed_up)}, {paid}"


def _models(pack: WeeklyPack, voice: LaneVoice) -> Iterator[tuple[str, str]]:
    asked = [one for one in pack.tiers if one.calls]
    for one in asked:
        yield (
            one.tier or "no_case",
            voice.word("weekly", "of_models").format(
                calls=one.calls,
                tokens=one.tokens,
                cost=micro_rupiah(one.cost, voice.language),
                by_case=_each(one.cost, one.cases, voice),
                by_resolved=_each(one.cost, one.resolved, voice),
            ),
        )
    if asked:
        strong = _share(sum(one.strong for one in asked), sum(one.calls for one in asked))
        where = [f"{one.tier} {one.strong}" for one in asked if one.tier and one.strong]
        where += [f"{task} {n}" for task, n in pack.strong_tasks.items()]
        yield "strong", ", ".join((strong, *where))


def _technology(pack: WeeklyPack, voice: LaneVoice) -> Iterator[tuple[str, str]]:
    minutes = {"whatsapp": 0.0} | pack.down_minutes
    yield "down", ", ".join(f"{name} {value:.0f} min" for name, value in minutes.items())
    yield "retries", str(pack.retries)
    yield "unknown", str(pack.unknown)


def _spread(spread: Spread, voice: LaneVoice) -> str:
    if spread.p50 is None or spread.p90 is None:
        return "-"
    middle, most = _span(spread.p50, voice), _span(spread.p90, voice)
    return f"p50 {middle}, p90 {most} ({spread.count})"


def _span(seconds: float, voice: LaneVoice) -> str:
    """Write a time in its two largest units; under two minutes in seconds."""
    if seconds < 2 * 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes >= DAY:
        minutes = round(minutes / HOUR) * HOUR
    units = (("day", minutes // DAY), ("hour", minutes % DAY // HOUR), ("minute", minutes % HOUR))
    return " ".join(f"{n} {voice.word('unit', unit if n == 1 else f'{unit}s')}" for unit, n in units if n)


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})" if whole else f"{part}/{whole}"


def _of_100(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} ({part}/{whole})"


def _decided(one: Decided, voice: LaneVoice) -> str:
    return voice.word("weekly", "of_asked").format(asked=one.asked, approved=one.approved)


def _each(cost: int, cases: int, voice: LaneVoice) -> str:
    return micro_rupiah(cost // cases, voice.language) if cases else "-"
