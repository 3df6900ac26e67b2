"""Measurements that people run by hand: `python -m bench.NAME --help`. What a figure means is in docs/performance.md."""
