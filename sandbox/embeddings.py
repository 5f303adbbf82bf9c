"""An emulated embedding model: texts that share pieces of words lie near one another, the same each time."""

import hashlib
import math
import re

from sandbox.model import tokens
from sandbox.receipts import ReceiptLog

DIMENSIONS = 256
PIECES = (3, 4)
_WORD = re.compile(r"[^\W_]+")


class Embeddings:
    """Embeds texts and writes a receipt for each request."""

    def __init__(self, receipts: ReceiptLog) -> None:
        self._receipts = receipts
        self.asked = False

    def embed(self, texts: list[str], dimensions: int) -> tuple[list[list[float]], int]:
        """Return a vector for each text, and the tokens they came to."""
        self.asked = True
        used = sum(map(tokens, texts))
        self._receipts.write("embedding.call", texts=texts, dimensions=dimensions, input_tokens=used)
        return [embedded(text, dimensions) for text in texts], used


def embedded(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """Return a text's vector, of length one: its words' pieces of three and four letters, hashed."""
    vector = [0.0] * dimensions
    for word in _WORD.findall(text.casefold()):
        framed = f" {word} "
        for size in PIECES:
            for start in range(len(framed) - size + 1):
                piece = framed[start : start + size].encode()
                number = int.from_bytes(hashlib.blake2b(piece, digest_size=8).digest(), "big")
                vector[number % dimensions] += 1 if number >> 63 else -1
    length = math.hypot(*vector)
    # A text without a word points somewhere as well: no real model answers with nothing.
    return [one / length for one in vector] if length else [1.0, *vector[1:]]
