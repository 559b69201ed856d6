"""Who could work: the hungry lists and the counters of owners and proven nodes that are online.

A standing is in the hungry list of its runtime exactly while its node has room for half a frame and may work.
"""

from we1web.domain.requirements import veto
from we1web.engine.standing import Standing
from we1web.engine.state import Job, Node, State, runtime_class


def update(state: State, node: Node) -> None:
    """Puts the node into the hungry lists, or takes it out, after anything about it changed."""
    room = node.window - len(node.held)
    if node.meter.failed_tries:
        room = room_of(node)
    roomy = room >= state.settings.batch or room * 2 >= node.window > 0 or (room > 0 and not node.held)
    wants = roomy and works(node)
    for standing in node.standings.values():
        if wants and standing.offered and not standing.expelled:
            if standing.slot < 0:
                hungry = state.hungry[standing.runtime_id]
                standing.slot = len(hungry)
                hungry.append(standing)
        elif standing.slot >= 0:
            drop(state, standing)


def room_of(node: Node) -> int:
    """How many more leases it may hold; one at a time while it has yet to show that it is there at all."""
    return node.window - len(node.held) if not node.meter.failed_tries else 1 - len(node.held)


def works(node: Node) -> bool:
    """Does it take leases: a voter that is there, willing, and not suspiciously quiet?"""
    return node.alive and node.active and node.accepting and not node.silent and not node.referee


def drop(state: State, standing: Standing) -> None:
    """Takes one standing out of its hungry list: swap with the last, pop."""
    hungry = state.hungry[standing.runtime_id]
    last = hungry.pop()
    if last is not standing:
        hungry[standing.slot] = last
        last.slot = standing.slot
    standing.slot = -1


def came_online(state: State, node: Node) -> None:
    """Call after the node's facts are set; not for referees, who are no part of the market."""
    state.cores_online += node.cores
    for standing in node.standings.values():
        if standing.offered and not standing.expelled:
            _count(state, standing, 1)


def went_offline(state: State, node: Node) -> None:
    """Call before anything about the node changes."""
    state.cores_online -= node.cores
    for standing in node.standings.values():
        if standing.offered and not standing.expelled:
            _count(state, standing, -1)


def was_expelled(state: State, standing: Standing) -> None:
    """Call after the standing was marked expelled."""
    if standing.node.alive and standing.offered and not standing.node.referee:
        _count(state, standing, -1)
    update(state, standing.node)


def rated(state: State, standing: Standing, was_proven: bool) -> None:
    """Keeps the count of proven nodes right after a standing was rated anew."""
    online = standing.node.alive and standing.offered and not standing.expelled
    if standing.proven != was_proven and online:
        state.proven_online[runtime_class(standing.runtime_id)][1] += 1 if standing.proven else -1


def proven_share(state: State, runtime_id: str) -> float:
    """Share of the online nodes of this runtime class that are proven; 0 when there is none."""
    online, good = state.proven_online.get(runtime_class(runtime_id), (0, 0))
    return good / online if online else 0.0


def someone_else(state: State, runtime_id: str, excluded: dict[int, int], requester: int) -> bool:
    """Is there an online owner, neither excluded nor the requester, who could run this?"""
    online = state.owners_online.get(runtime_id, {})
    if len(online) > len(excluded) + 1:
        return True
    return any(owner not in excluded and owner != requester for owner in online)


def owners_for(state: State, job: Job, *, working: bool) -> set[int]:
    """Owners of online nodes that nothing keeps from this job; `working`: of those that take work now."""
    found = set()
    for node in state.nodes.values():
        standing = node.standings.get(job.runtime_id)
        if standing is None or not node.alive or not standing.offered or standing.expelled or node.referee:
            continue
        if (works(node) or not working) and veto(job, node) is None:
            found.add(node.owner)
    return found


def survey(state: State) -> None:
    """Once a tick: which networks the nodes of each runtime are in."""
    networks: dict[str, set[str]] = {}
    for node in state.nodes.values():
        if node.alive:
            for standing in node.standings.values():
                if standing.offered and not standing.expelled:
                    networks.setdefault(standing.runtime_id, set()).add(node.network)
    state.networks = networks


def _count(state: State, standing: Standing, step: int) -> None:
    owners = state.owners_online.setdefault(standing.runtime_id, {})
    owner = standing.node.owner
    count = owners.get(owner, 0) + step
    if count:
        owners[owner] = count
    else:
        del owners[owner]
    online = state.proven_online.setdefault(runtime_class(standing.runtime_id), [0, 0])
    online[0] += step
    if standing.proven:
        online[1] += step
