"""Measured against a stock build, side by side: `python -m benchmarks`."""
