"""How many small tasks travel and run together: about a second of work, or more where a fresh sandbox costs much."""

TARGET_US = 1_000_000
MAX_BUNDLE = 1_000
START_UPS = 5
"""A bundle works at least so many times as long as its sandbox takes to start."""


def bundle_size(task_us: int | None, n: int, start_us: int = 0) -> int:
    """Tasks per bundle for a chunk of `n` tasks of `task_us` microseconds each; 1 while that is not known.

    `start_us` is what a fresh sandbox of the runtime costs. The chunk is cut evenly: two bundles of 500 end sooner
    than one of 700 and one of 300.
    """
    if task_us is None or n < 1:
        return 1
    most = min(MAX_BUNDLE, max(1, max(TARGET_US, START_UPS * start_us) // max(1, task_us)))
    bundles = -(-n // most)
    return -(-n // bundles)
