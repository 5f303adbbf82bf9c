"""The end of a turn in a conversation that a person has: no words of B's are left in it."""

from dataclasses import replace

from agents.silence import ready
from agents.work import Work
from casefile.effects import SendMessage
from graph.run import Run


def hushed(run: Run) -> Run:
    """Put what B would have said before the person who has the conversation, in place of saying it."""
    if not any(isinstance(effect, SendMessage) for effect in run.effects):
        return run
    entry = run.entry
    work = Work(
        case=run.after,
        facts=entry.facts,
        verdict=entry.verdict,
        matter=entry.matter,
        events=entry.events,
        desk=run.context.desk,
        effects=run.effects,
    )
    case, effects = ready(work)
    return replace(run, after=case, effects=effects)
