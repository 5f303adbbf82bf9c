"""Splits the examples by author and by topic, so that neither's other lines teach what is measured on them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from understanding.corpus import Example, load_examples
from understanding.evaluate import HeldOut
from understanding.lexicon import Lexicon
from understanding.reader import Reader, as_taught
from understanding.train import fit, vectors

FOLDS = 4


def left_out(reader: Reader, shared: Path, desk: Path) -> Iterator[tuple[Reader, tuple[HeldOut, ...]]]:
    """Yield readers with the lines to measure them on: each trained without their authors and their topics.

    The rules stay as they are: they were written with these lines at hand.
    """
    examples = load_examples(shared, desk)
    texts = tuple(as_taught(example, reader.lexicon, reader.rules) for example in examples)
    settings = reader.settings.model_copy(
        update={"temperature_cv": False, "temperature": reader.classifier.temperature}
    )
    for kept, held in splits(examples, texts, reader.lexicon):
        classifier = fit(
            tuple(examples[i] for i in kept), tuple(texts[i] for i in kept), reader.lexicon, settings
        )
        yield replace(reader, classifier=classifier), tuple(_line(examples[i], reader) for i in held)


def splits(
    examples: Sequence[Example], texts: Sequence[str], lexicon: Lexicon
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Yield which lines to train on and which to measure: no author and no topic is in both.

    Authors and topics are parted into as many groups; a line is measured where both its groups are left out.
    """
    group = {name: i % FOLDS for i, name in enumerate(sorted({example.author for example in examples}))}
    by_author = np.array([group[example.author] for example in examples])
    by_topic = topics(examples, texts, lexicon)
    for fold in range(FOLDS):
        kept = np.flatnonzero((by_author != fold) & (by_topic != fold))
        held = np.flatnonzero((by_author == fold) & (by_topic == fold))
        yield kept, held


def topics(examples: Sequence[Example], texts: Sequence[str], lexicon: Lexicon) -> NDArray[np.int64]:
    """Return each line's topic, 0 to FOLDS - 1: within its intent, the cluster of lines that say much the same."""
    from sklearn.cluster import KMeans

    design = vectors(texts, lexicon)
    found = np.zeros(len(examples), dtype=np.int64)
    intents = np.array([example.intent for example in examples])
    for intent in np.unique(intents):
        lines = np.flatnonzero(intents == intent)
        if len(lines) >= FOLDS:
            found[lines] = KMeans(FOLDS, n_init=1, random_state=0).fit_predict(design[lines])
    return found


def _line(example: Example, reader: Reader) -> HeldOut:
    card = reader.decider.cards[example.intent]
    return HeldOut(text=example.text, intent=example.intent, author=example.author, tier=card.tier)
