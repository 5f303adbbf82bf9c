"""Memory: the journal, the checkpoint saver, the records and their migrations, on SQLite."""
