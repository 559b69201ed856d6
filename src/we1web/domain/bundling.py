"""How many small tasks travel and run together: about a second of work, or more where a fresh sandbox costs much."""

TARGET_US = 1_000_000
LEAST_US = 50_000
"""Work below which sending a bundle costs more than sharing it out is worth."""
MAX_BUNDLE = 1_000
START_UPS = 5
"""A bundle works at least so many times as long as its sandbox takes to start, where there is enough work."""
TURNS = 4
"""A job is cut into so many bundles for each core online: its last ones should keep nobody waiting for long."""


def bundle_size(task_us: int | None, n: int, start_us: int = 0, share: int | None = None) -> int:
    """Tasks per bundle for a chunk of `n` tasks of `task_us` microseconds each; 1 while that is not known.

    `start_us` is what a fresh sandbox of the runtime costs. `share` is a core's share of the job in tasks, where the
    job is complete: several bundles are made of it, as long as each is worth its start. The chunk is cut evenly,
    because two bundles of 500 end sooner than one of 700 and one of 300.
    """
    if task_us is None or n < 1:
        return 1
    task_us = max(1, task_us)
    most = min(MAX_BUNDLE, max(1, max(TARGET_US, START_UPS * start_us) // task_us))
    if share is not None:
        most = min(most, max(1, share // TURNS, max(LEAST_US, start_us) // task_us))
    bundles = -(-n // most)
    return -(-n // bundles)
