"""How a student is called in front of who writes: the one place that decides it."""

from agents.work import Work
from casefile.records import Student, StudentSnapshot


def called(work: Work, student: Student | StudentSnapshot | None) -> str:
    """Return "Kakak" or "you" for who writes, also when no student is known; else the first name.

    The whole name where two students of one account share the first.
    """
    facts = work.facts
    if student is None:
        return work.label("word.you")
    student_id = student.id if isinstance(student, Student) else student.student_id
    own = next((s.own_contact for s in facts.students if s.id == student_id), None)
    if own is not None and own == facts.identity.contact_id:
        return work.label("word.you")
    first = _first(student.name)
    shared = sum(_first(s.name) == first for s in facts.students) > 1
    return student.name if shared else first


def _first(name: str) -> str:
    return name.split()[0]
