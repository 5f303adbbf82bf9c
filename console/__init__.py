"""The operators' window: cases as they stand and as they came to be, read only."""
