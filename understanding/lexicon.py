"""Chat slang, typos and concepts: turns any spelling of a word into one canonical spelling."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

_TOKEN = re.compile(r"[^\W_]+|\n|[^\w\s]")
_TWICE = re.compile(r"^([a-z]{3,})2(nya|an)?$")


def _deletes(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def _one_apart(a: str, b: str) -> bool:
    """Tell whether one insertion, deletion, replacement or swap of neighbours separates the words."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[start:] == b[start + 1 :]
    swapped = a[start : start + 2] == b[start : start + 2][::-1]
    return a[start + 1 :] == b[start + 1 :] or (swapped and a[start + 2 :] == b[start + 2 :])


@dataclass(frozen=True)
class Lexicon:
    """The words of the lexicon files.

    `words`: variant to canonical; `phrases`: the same of several words, with what finds them as whole words;
    `keywords`: words whose one-letter typos are mended;
    `concepts`: canonical stem (`*` open end) to the meaning both languages share.
    """

    words: Mapping[str, str]
    phrases: tuple[tuple[str, re.Pattern[str], str], ...]
    typos: Mapping[str, tuple[str, ...]]
    known: frozenset[str]
    concept_words: Mapping[str, tuple[str, ...]]
    concept_stems: tuple[tuple[str, str], ...]

    def canonical(self, plain_text: str) -> str:
        """Return the text in canonical spelling, apostrophes dropped, for rules and the classifier."""
        text = plain_text.replace("'", "")
        out: list[str] = []
        for token in _TOKEN.findall(text):
            out.append(self._word(token))
        joined = " ".join(out)
        for phrase, pattern, canonical in self.phrases:
            if phrase in joined:
                joined = pattern.sub(canonical, joined)
        return joined

    def _word(self, token: str) -> str:
        if token in self.words:
            return self.words[token]
        twice = _TWICE.match(token)
        if twice:
            stem = self.words.get(twice.group(1), twice.group(1))
            return f"{stem} {stem}{twice.group(2) or ''}"
        if len(token) > 6 and token.endswith("nya") and token[:-3] in self.words:
            return self.words[token[:-3]] + "nya"
        if len(token) >= 5 and token not in self.known and token.isalpha():
            return self._mended(token)
        return token

    def _mended(self, token: str) -> str:
        candidates = {word for part in _deletes(token) for word in self.typos.get(part, ())}
        near = sorted(word for word in candidates if word[0] == token[0] and _one_apart(token, word))
        return near[0] if near else token

    def keeping(self, own: Collection[str]) -> "Lexicon":
        """Return the lexicon that leaves these words as they are written: names, whatever else they may stand for."""
        words = {variant: canonical for variant, canonical in self.words.items() if variant not in own}
        return replace(self, words=words, known=self.known | frozenset(own))

    def concepts(self, canonical_text: str) -> tuple[str, ...]:
        """Return the concepts named in a canonical text, each once, in order of appearance."""
        found: dict[str, None] = {}
        for token in canonical_text.split():
            for concept in self.concept_words.get(token, ()):
                found[concept] = None
            for stem, concept in self.concept_stems:
                if token.startswith(stem):
                    found[concept] = None
        return tuple(found)


def build_lexicon(
    words: Mapping[str, str], phrases: Mapping[str, str], keywords: Iterable[str], concepts: Mapping[str, str]
) -> Lexicon:
    """Compile the lexicon from its data: canonical to space-separated variants (phrases: one a line)."""
    variants = {variant: canonical for canonical, line in words.items() for variant in line.split()}
    compiled = tuple(
        (phrase, re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)"), canonical)
        for canonical, block in phrases.items()
        for phrase in map(str.strip, block.strip().splitlines())
    )
    typos: dict[str, tuple[str, ...]] = {}
    for word in keywords:
        for part in _deletes(word):
            typos[part] = (*typos.get(part, ()), word)
    exact: dict[str, tuple[str, ...]] = {}
    stems: list[tuple[str, str]] = []
    for concept, line in concepts.items():
        for stem in line.split():
            if stem.endswith("*"):
                stems.append((stem[:-1], concept))
            else:
                exact[stem] = (*exact.get(stem, ()), concept)
    known = frozenset(variants) | frozenset(exact) | {part for c in words for part in c.split()}
    return Lexicon(variants, compiled, typos, known, exact, tuple(stems))
