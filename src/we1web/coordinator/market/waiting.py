"""Why a job does not run, in words, from the state that placement itself uses."""

from we1web.engine.state import Job, State


def explain(state: State, job: Job) -> str:
    """'' while something runs or nothing is wanted; else the first reason that holds."""
    if job.leases or (job.closed and job.ended >= job.total):
        return ""
    if not job.ready:
        return "" if job.bundles else "its tasks are queued behind others"
    online = state.owners_online.get(job.runtime_id, {})
    others = [owner for owner in online if owner != job.requester]
    if not others:
        return f"no node with the runtime {job.runtime_id} is online"
    if job.starved:
        return "the rest of the budget is reserved for work under way"
    if not state.hungry.get(job.runtime_id):
        return f"all nodes with the runtime {job.runtime_id} are busy or paused"
    quorum = job.policy.quorum
    if len(others) < quorum:
        return f"{quorum} owners must vote on every task; nodes of {len(others)} are online"
    too_small = [s for s in state.hungry[job.runtime_id] if s.node.memory_bytes < job.memory_bytes]
    if len(too_small) == len(state.hungry[job.runtime_id]):
        return f"no free node has {job.memory_bytes >> 20} MiB of memory"
    return "waiting for a vote of another owner"
