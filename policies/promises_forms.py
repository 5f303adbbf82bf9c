"""The small forms the words of pre-send QA are built from: who speaks, and how something is said to be done."""

import re

WORD = r"(?:\S+\s+)"
# Some words in between, none of which makes it a piece of paper or a possibility.
SOME = r"(?:(?!bukti|slip|struk|kalau|jika|bila)\S+\s+)"
SPEAKER = r"(?:kami|kita|saya|aku|gue|gw|admin|tim(?:\s+kami)?)"
WE = rf"(?:{SPEAKER}\s+)?"
DONE = r"(?:sudah|telah|udah|udh|uda|sdh|dah|berhasil)\s+" + WE
DOING = r"(?:sedang|lagi|tengah)\s+" + WE
BEEN = r"(?:has|have|had|is|are|was|were|been|got|\w+'(?:s|ve|re))\s+"
HAS_BEEN = BEEN + r"(?:been\s+|now\s+|just\s+|already\s+|successfully\s+)*"
BEING = r"(?:is|are|\w+'(?:s|re|m))\s+(?:now\s+|already\s+|currently\s+)*"
WILL = r"(?:akan|bakal|pasti|segera|langsung)\s+" + WE
WILL_BE = r"(?:will|\w+'ll|going\s+to)\s+(?:be\s+)?"


def phrases(*patterns: str) -> re.Pattern[str]:
    """Compile phrases that begin with a word, in any case of letters."""
    # One look at what stands before serves all alternatives: inside a word none of them is tried.
    return re.compile(rf"(?<!\w)(?:{'|'.join(f'(?:{p})' for p in patterns)})", re.IGNORECASE)
