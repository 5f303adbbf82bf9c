"""Who says that they cannot come: a lesson of theirs has to be moved, whatever page is about such days."""

import re

_SICK = re.compile(
    r"(?<!\w)(?:sakit|demam|flu|meriang|masuk angin|opname|dirawat|tidak enak badan|sick|ill|unwell|fever|not feeling"
    r" well|not well)(?!\w)"
)
_AWAY = re.compile(
    r"(?<!\w)(?:tidak (?:bisa|dapat|sanggup|kuat|jadi)|izin|ijin|absen|berhalangan|cant|can't|cannot|wont|won't|will"
    r" not|not able to|unable to)(?!\w)"
)
_LESSON = re.compile(
    r"(?<!\w)(?:les|lesnya|masuk|datang|hadir|ikut|sesi|sesinya|kelas|latihan|come|coming|make it|attend|join|lessons?"
    r"|class|session|hari ini|besok|today|tomorrow|senin|selasa|rabu|kamis|jumat|sabtu|mondays?|tuesdays?|wednesdays?"
    r"|thursdays?|fridays?|saturdays?)(?!\w)"
)
_ASKS = re.compile(
    r"\?|(?<!\w)(?:kalau|kalo|jika|bila|misal|misalnya|bagaimana|apa|apakah|boleh|berapa|if|what|how|when|should|do i"
    r"|does|is there)(?!\w)"
)


def sick(words: str) -> bool:
    """Say whether canonical words speak of being ill."""
    return _SICK.search(words) is not None


def cannot_come(words: str) -> bool:
    """Say whether canonical words state that somebody cannot come to a lesson; a question states nothing."""
    away = _AWAY.search(words) is not None and _LESSON.search(words) is not None
    return away and _ASKS.search(words) is None
