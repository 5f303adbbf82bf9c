"""While a person decides, is a message part of what they decide on, or something of its own?"""

import re

from casefile.reading import Reading, Request
from policies.intents import spec

CLEAR = 0.6
# Said in passing they are answered, never put before anybody.
COURTESIES = frozenset({"greeting", "thanks", "goodbye", "bot_question", "injection", "withdrawal"})
# What nobody may miss is a case of its own, in whatever form it is said.
GRAVE = frozenset({"minors_safety", "harassment_report", "abuse_report", "legal_threat", "chargeback_threat"})
# "Kapan aja boleh", "ga apa-apa": the word of a question in what is none.
_NO_QUESTION = re.compile(
    r"(?:kapan|apa|berapa|mana|siapa|whenever|whatever|whichever)(?:pun| ?(?:aja|saja|pun))(?!\w)"
    r"|(?<!\w)(?:ga|gak|ngga|nggak|enggak|tidak|tdk|g) ?(?:apa-?apa|apa2|papa)(?!\w)|(?<!\w)gapapa(?!\w)"
)
_QUESTION = re.compile(
    r"\?|(?<!\w)(?:apa|apakah|berapa|brp|kapan|kpn|gimana|gmn|bagaimana|kenapa|knp|mengapa|siapa|mana|dimana"
    r"|(?:bisa|boleh|ada|masih|udah|sudah)kah|(?:bisa|boleh|ada|masih|udah|sudah)(?: \w+){0,4} (?:ga|gak|ngga|nggak"
    r"|enggak|tidak|belum|blm)(?: ya| sih| kak)*)(?!\w)"
    r"|(?:^|[,.!;\n] ?|(?<!\w)(?:btw|also|and|but|by the way|hi|hello|kak) )"
    r"(?:what|how|when|where|who|why|which|can|could|do|does|did|is|are|will|would|may|should)(?!\w)"
)
_WISH = re.compile(
    r"(?<!\w)(?:mau|pengen|pengin|ingin|minta|tolong|mohon|daftarin|daftarkan|kirim\w*|cek|cekin|pindahin|pindahkan"
    r"|jadwalin|batalin|batalkan|stop|please|pls|i want|i would like|i'd like|id like|let me|sign me|send|show|tell"
    r"|need)(?!\w)"
)
# What the speaker says of themselves, gives as a reason or a detail, or puts up with.
_TELLING = re.compile(
    r"(?<!\w)(?:aku|saya|gue|gw|gua|ku|kami|\w+ku|i|i'm|im|i've|ive|my|we|soalnya|karena|karna|krn|makanya|sebab|abis"
    r"|habisnya|because|since|kok|gapapa|gpp|kalau|kalo|klo|if|atas nama|a/n|in the name of|\d{6,})(?!\w)"
)


def asks_of_its_own(request: Request, reading: Reading) -> bool:
    """Say whether words that are not clear are a question all the same, most likely one we answer ourselves."""
    first = reading.guesses[0].intent if reading.guesses else "unclear"
    if request.intent != "unclear" or spec(first).kind not in {"faq", "account"}:
        return False
    return _QUESTION.search(_NO_QUESTION.sub(" ", request.text)) is not None


def joins_what_is_decided(request: Request, reading: Reading) -> bool:
    """Say whether a message only adds to what a person is deciding on.

    A clear question and a clear request stand for themselves; what is merely told, said in chat or guessed at
    goes to the person, who reads it all anyway. A risk is a request of its own when it is clear.
    """
    intent = request.intent
    if intent in COURTESIES or intent in GRAVE:
        return False
    text = _NO_QUESTION.sub(" ", request.text)
    asks, wishes = _QUESTION.search(text) is not None, _WISH.search(text) is not None
    clear = request.confidence >= CLEAR
    match spec(intent).kind:
        case "faq" | "goods":
            return not asks and (not clear or _TELLING.search(text) is not None)
        case "account":
            return not asks and not wishes and (not clear or _TELLING.search(text) is not None)
        case "operation":
            timed = intent == "reschedule" and bool(reading.slots.when)
            return not (clear and (asks or wishes or timed))
        case "sensitive":
            return not (clear or asks or wishes)
        case _:
            return not asks
