"""How many small tasks travel and run together: about a second of work, so that start-up is paid once a second."""

TARGET_US = 1_000_000
MAX_BUNDLE = 1_000


def bundle_size(task_us: int | None, n: int) -> int:
    """Tasks per bundle for a chunk of `n` tasks of `task_us` microseconds each; 1 while that is not known.

    The chunk is cut evenly: two bundles of 500 end sooner than one of 700 and one of 300.
    """
    if task_us is None or n < 1:
        return 1
    most = min(MAX_BUNDLE, max(1, TARGET_US // max(1, task_us)))
    bundles = -(-n // most)
    return -(-n // bundles)
