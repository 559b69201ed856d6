"""The market in memory: facts in, effects out. Single-threaded, deterministic; no I/O, no clock, no entropy."""
