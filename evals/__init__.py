"""Exams: golden conversations and attacks, how they are scored, compared with the last accepted run, and shown."""
