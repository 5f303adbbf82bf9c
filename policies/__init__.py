"""Judgement: pure rules over facts. No I/O, no model, no clock of their own."""
