"""Nouns: events, effects, facts, the case file, verdicts, money and errors. Pure data, no I/O."""
