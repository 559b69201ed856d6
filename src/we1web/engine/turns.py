"""Whose turn it is: higher priority first, and among equals each job gets work in proportion to its weight.

Jobs stand in line by the work they were given over their weight (start-time fair queueing): who has the least is next.
A job that comes back after a pause starts level with the one that is being served, so that waiting earns no credit. A
job nobody can serve steps aside, lets the others pass, and is looked at again a few times later and at every tick.
Every step costs at most the logarithm of the number of jobs.
"""

from heapq import heappop, heappush

from we1web.engine.state import Job, Line, State

AGAIN = 8
"""Jobs set aside that one placement looks at again."""
UNKNOWN_TASK_S = 1.0
"""What a task counts while its run time is not known."""
LEAST_WEIGHT = 1e-3


def enter(state: State, job: Job) -> None:
    """The job has something ready."""
    state.ready_jobs[job.key] = job
    if not job.in_line:
        job.in_line = True
        job.served_s = max(job.served_s, state.turn_clock.get(job.priority, 0.0))
        line = state.lines.get(job.runtime_id)
        if line is None:
            line = state.lines[job.runtime_id] = Line()
        _stand(line, job)


def first(state: State) -> Job | None:
    """Takes out the next job whose runtime has a hungry node; give it back with `stand` or `step_aside`."""
    line = _line_of_first(state)
    if line is None:
        return None
    job = heappop(line.heap)[-1]
    state.turn_clock[job.priority] = job.served_s
    return job


def limit_s(state: State, job: Job) -> float:
    """How far the job's `served_s` may go before somebody else's turn comes."""
    line = _line_of_first(state)
    if line is None:
        return float("inf")
    rival, served_s, _, _ = line.heap[0]
    return float("inf") if -rival < job.priority else served_s


def charge(job: Job, tasks: int) -> None:
    """The job was given nodes for so many executions."""
    job.served_s += tasks * (job.task_s or UNKNOWN_TASK_S) / max(LEAST_WEIGHT, job.weight)
    if not job.task_s:
        job.guessed += tasks
    elif job.guessed:
        _correct(job)


def _correct(job: Job) -> None:
    """The run time is known now: what was charged by guess is charged by what it is."""
    job.served_s += job.guessed * (job.task_s - UNKNOWN_TASK_S) / max(LEAST_WEIGHT, job.weight)
    job.guessed = 0


def stand(state: State, job: Job) -> None:
    """Back into the line, behind all who had less."""
    _stand(state.lines[job.runtime_id], job)


def step_aside(state: State, job: Job) -> None:
    """Nobody can serve it now."""
    state.lines[job.runtime_id].aside.append(job)


def again(state: State) -> None:
    """Some of those who stepped aside stand in line again, who waited longest first."""
    for line in state.lines.values():
        for _ in range(min(AGAIN, len(line.aside))):
            _return(state, line, line.aside.popleft())


def tidy(state: State) -> None:
    """Once a tick: everybody who stepped aside is looked at again, and jobs with nothing ready leave."""
    for line in state.lines.values():
        while line.aside:
            _return(state, line, line.aside.popleft())
        jobs, line.heap = [entry[-1] for entry in line.heap], []
        for job in jobs:
            if job.guessed and job.task_s:
                _correct(job)
            if job.ready:
                _stand(line, job)
            else:
                leave(state, job)
    state.lines = {runtime_id: line for runtime_id, line in state.lines.items() if line.heap}
    least: dict[int, float] = {}
    for line in state.lines.values():
        for priority, served_s, _, _ in line.heap:
            least[-priority] = min(served_s, least.get(-priority, served_s))
    state.turn_clock.update(least)


def _return(state: State, line: Line, job: Job) -> None:
    job.served_s = max(job.served_s, state.turn_clock.get(job.priority, 0.0))
    _stand(line, job)


def _stand(line: Line, job: Job) -> None:
    heappush(line.heap, (-job.priority, job.served_s, job.key, job))


def _line_of_first(state: State) -> Line | None:
    best: Line | None = None
    for runtime_id, line in state.lines.items():
        if not state.hungry.get(runtime_id):
            continue
        while line.heap and not line.heap[0][-1].ready:
            leave(state, heappop(line.heap)[-1])
        if line.heap and (best is None or line.heap[0] < best.heap[0]):
            best = line
    return best


def leave(state: State, job: Job) -> None:
    """Nothing of it is ready; `enter` brings it back."""
    job.in_line = False
    state.ready_jobs.pop(job.key, None)
