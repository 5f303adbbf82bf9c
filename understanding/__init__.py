"""Reads a customer's message: language, intents, risk signals and slots. Pure: text in, a Reading out."""
