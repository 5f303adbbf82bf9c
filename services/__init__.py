"""Business: guarded operations on the records, each whole inside one writing transaction."""
