"""Benchmarks: who competes runs in the same call, and what counts are ratios."""
