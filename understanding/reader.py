"""The one door: text in, a Reading out."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from casefile.base import Language
from casefile.reading import Reading, Slots
from understanding import slots as find
from understanding.classifier import Classifier
from understanding.corpus import (
    Example,
    Named,
    content_hash,
    data_files,
    load_cards,
    load_examples,
    load_lexicon,
    load_rules,
    read_yaml,
    refuse_near_duplicates,
    refuse_unknown_intents,
)
from understanding.decide import Decider
from understanding.evidence import Clause, Evidence
from understanding.language import Tie, choose_language, langid_tie_break
from understanding.lexicon import Lexicon
from understanding.normalise import plain, spelled, tight, unmasked
from understanding.settings import FITTING, ReaderSettings
from understanding.signals import SignalRules, in_order
from understanding.split import clauses
from understanding.train import VERSION, fit, restore, save
from understanding.when import find_when

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Words in an address are nobody's language.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|(?<![\w@.-])[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|id|co|app|io)(?!\w)\S*"
)
_INVOICE = re.compile(r"(?<![a-z])inv(?:oice)?[\s\-/#:._]*20\d\d[\s\-/._]*\d{4}[\s\-/._]*\d{3,6}")
_PHONE = re.compile(r"(?<![\w])(?:\+?62|0)8[\d\s\-]{7,14}\d")
_NUMBER = re.compile(r"\d+")
# What a song or a film is called is said by nobody: the song "Sue Me", or "Hurt" by Johnny Cash.
_TITLE = re.compile(
    r"(\b(?:lagu|lagunya|song|judul|judulnya|film|movie|lirik|track|album|cover) )\"[^\"\n]{1,40}\""
    r"|()\"[^\"\n]{1,40}\"(?= by \w)"
)
_ASKS = re.compile(
    r"\?|\b(?:apa|apakah|berapa|bagaimana|kapan|siapa|kenapa|mana|ada|bisa|boleh|kah|cara|info|tanya|what|how|when"
    r"|where|who|why|which|is|are|do|does|can|could|any|buka|tutup|libur)\b"
)
# Words that only point at something: a message of nothing else says no more than that.
_POINTING = re.compile(
    r"(?=.*\b(?:yang|yg|itu|ini|tu|tuh|anu|gitu|that|this|thing|the)\b)"
    r"(?:\W*\b(?:yang|yg|itu|ini|tu|tuh|nih|lho|loh|lo|tadi|kemarin|kmrn|td|kak|min|ya|sih|deh|dong|anu|gitu|pokoknya|situ"
    r"|that|the|this|thing|one|you|know|from|before|earlier|other|stuff|um|uh|eh|oh|kemaren|kmren|barang|hal|soal|lah|hmm)\b)+\W*"
)


def prepared(plain_text: str, lexicon: Lexicon, names: Sequence[str] = ()) -> str:
    """Return canonical text with e-mails, invoice and phone numbers and known names as stand-in words."""
    text = _EMAIL.sub(" zemail ", _TITLE.sub(r"\1\2ztitle", plain_text))
    text = _INVOICE.sub(" zinvoice ", text)
    text = _PHONE.sub(" zphone ", text)
    for name in names:
        for part in (name.casefold(), name.casefold().split(" ")[0]):
            if part:
                text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", "zname", text)
    return lexicon.canonical(unmasked(text))


def clean(canonical: str, rules: SignalRules) -> str:
    """Return what the classifier reads of a canonical text: no injection phrase, figures as "znum"."""
    return _NUMBER.sub("znum", rules.without_injection(canonical))


@dataclass(frozen=True)
class Layer:
    """What desks of one kind share: a folder like a desk's, and their own names for what its examples leave open.

    `own` are the words of their names, which are left as they are written.
    """

    folder: Path
    named: Named
    own: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reader:
    """Reads messages of one desk; pure and deterministic once loaded."""

    lexicon: Lexicon
    rules: SignalRules
    classifier: Classifier
    decider: Decider
    telling: Mapping[str, Language]
    settings: ReaderSettings
    tie_break: Tie = langid_tie_break

    @classmethod
    def load(
        cls,
        shared: Path,
        desk: Path,
        settings: ReaderSettings,
        cache_dir: Path | None,
        layer: Layer | None = None,
    ) -> "Reader":
        """Build a Reader from YAML; the fitted classifier is taken from the cache when nothing changed.

        `layer` stands between what every desk has and the desk's own.
        """
        folders = (shared, desk) if layer is None else (shared, layer.folder, desk)
        named = {} if layer is None else layer.named
        files = data_files(*folders)
        sources = sorted(Path(__file__).parent.glob("*.py"))
        name = content_hash(
            [*files, *sources],
            settings.model_dump_json(include=FITTING),
            VERSION,
            repr(layer and (sorted(named.items()), sorted(layer.own))),
        )
        lexicon, rules, cards = load_lexicon(*folders), load_rules(*folders), load_cards(*folders)
        if layer is not None:
            lexicon = lexicon.keeping(layer.own)
        kept = None if cache_dir is None else cache_dir / f"intents-{name}.npz"
        if kept is not None and kept.exists():
            classifier = restore(kept)
        else:
            examples = load_examples(*folders, named=named)
            refuse_unknown_intents(examples, cards)
            classifier = _trained(examples, lexicon, rules, settings)
            if kept is not None:
                save(kept, classifier)
        words = read_yaml(shared / "languages.yaml")
        telling: dict[str, Language] = {}
        for language in ("id", "en"):
            telling |= dict.fromkeys(str(words[language]).split(), "id" if language == "id" else "en")
        return cls(lexicon, rules, classifier, Decider(Evidence(cards, settings)), telling, settings)

    def read(
        self,
        text: str,
        *,
        now: dt.datetime,
        zone: ZoneInfo,
        conversation_language: Language | None,
        names: Sequence[str] = (),
    ) -> Reading:
        """Read one message (or one collected burst, a line each); `now` is aware, `names` the known students."""
        folded = plain(text)
        known = find.known_names(folded, names)
        whole = prepared(folded, self.lexicon, known)
        slots = Slots(
            invoice_numbers=find.invoice_numbers(folded),
            emails=find.emails(folded),
            phones=find.phones(folded),
            when=find_when(folded, now=now, zone=zone, lesson_hours=self.settings.lesson_hours),
            names=known,
            choice=find.choice(folded),
            yes_no=find.yes_no(folded),
        )
        signals = self.rules.spelled_out(spelled(folded))
        close = tight(folded)
        if close != folded:
            read_close = self.lexicon.canonical(close)
            if read_close != self.lexicon.canonical(folded):
                signals |= self.rules.signals(read_close)
        said = clauses(folded)[:8]
        entire = self._clause(folded, whole, self.rules.signals(whole) | self.rules.hints(whole))
        raised = entire.signals | self.rules.hints(whole)
        parts = (entire,) if said == (folded,) else tuple(self._part(part, known, raised) for part in said)
        signals |= entire.signals
        if self.decider.evidence.attacks(entire.guesses):
            signals |= {"injection"} | self.rules.demands(whole)
        decision = self.decider.decide(entire, parts, signals, slots)
        spoken = _ADDRESS.sub(" ", _INVOICE.sub(" ", _EMAIL.sub(" ", folded)))
        tokens = re.findall(r"[^\W\d_]+", spoken.replace("'", ""))
        return Reading(
            language=choose_language(
                tokens, self.telling, conversation_language, self.settings.default_language, self.tie_break
            ),
            normalized=whole,
            requests=decision.requests,
            signals=in_order(decision.signals),
            slots=slots,
            guesses=decision.guesses,
            abstained=decision.abstained,
        )

    def _part(self, text: str, known: Sequence[str], of_whole: frozenset[str]) -> Clause:
        """Read a part by itself; cut out, it loses what made its words harmless, so the whole says what is raised."""
        return self._clause(text, prepared(text, self.lexicon, known), of_whole)

    def _clause(self, text: str, canonical: str, of_whole: frozenset[str]) -> Clause:
        cleaned = clean(self.rules.told(canonical[: self.settings.max_chars]), self.rules)
        guesses = self.classifier.guesses(cleaned, self.lexicon.concepts(cleaned))
        evidence = self.decider.evidence
        signals, hints = self.rules.signals(canonical) & of_whole, self.rules.hints(canonical) & of_whole
        # A hint at something else makes no mere question of it, borne out or not.
        asked = bool(signals) and self.rules.is_policy_question(canonical, signals | hints)
        # What is too long for the classifier may hold the trace where it does not look.
        if len(canonical) > self.settings.max_chars or evidence.bears_out(guesses):
            signals |= hints
        elif evidence.mere_talk(guesses):
            signals -= self.rules.mere_mentions(canonical)
        return Clause(
            text=text,
            signals=signals,
            is_question=asked,
            asks=bool(_ASKS.search(canonical)),
            wants_it=self.rules.asks_for_it(canonical),
            points=bool(_POINTING.fullmatch(text)),
            outside=self.rules.is_outside(canonical),
            words=sum(token[0].isalnum() and token[0] != "z" for token in canonical.split()),
            guesses=guesses,
        )


def as_taught(example: Example, lexicon: Lexicon, rules: SignalRules) -> str:
    """Return what the classifier is taught of an example."""
    text = prepared(plain(example.text), lexicon)
    # When reading, an attack is blanked so as not to sway the choice; taught blank, few words would look like one.
    return _NUMBER.sub("znum", text) if example.intent == "injection" else clean(text, rules)


def _trained(
    examples: tuple[Example, ...], lexicon: Lexicon, rules: SignalRules, settings: ReaderSettings
) -> Classifier:
    texts = tuple(as_taught(example, lexicon, rules) for example in examples)
    refuse_near_duplicates(examples, texts)
    return fit(examples, texts, lexicon, settings)
