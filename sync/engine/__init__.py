"""Brings one account and kind in step with upstream: claim, list, compare, details, write, tombstones, end.

`slices.run_slice` is the way in. Lock order, everywhere: account, schedule, run, resources.
"""
