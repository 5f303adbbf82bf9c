"""Vendors: one module per outside system, a pure parse beside each port's implementation."""
