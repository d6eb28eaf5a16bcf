"""Fixtures from PyTorch: what the cases are, how they run, and how they are written."""
