"""The first code of every confined process: gives up what it can, ties its life to the agent's, becomes the program.

Run as a script by path, with `python -I -S`, so it imports the standard library only. It must exist because these steps
have to happen inside the child, and running Python between fork and exec is not safe in a program with threads.

Arguments: pid of the agent, data bytes, open files, "--", then the program and its arguments.
"""

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PREFERRED_VICTIM = "1000"
STACK_BYTES = 24 << 20
"""Ample, so that an interpreter's own limit on recursion, the same everywhere, is met before this one."""


def main() -> None:
    agent, data_bytes, open_files = (int(argument) for argument in sys.argv[1:4])
    program = sys.argv[5:]
    _leave_network()
    _limit(data_bytes, open_files)
    _die_with(agent)
    os.execv(program[0], program)


def _leave_network() -> None:
    """A second wall behind the runtime's own: a network without interfaces, where the kernel lets us have one."""
    if not sys.platform.startswith("linux"):
        return
    user, group = os.getuid(), os.getgid()
    libc = ctypes.CDLL(None, use_errno=True)
    if user == 0:
        libc.unshare(CLONE_NEWNET)
    elif libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _limit(data_bytes: int, open_files: int) -> None:
    for limit, value in (
        (resource.RLIMIT_DATA, data_bytes),
        (resource.RLIMIT_NOFILE, open_files),
        (resource.RLIMIT_FSIZE, 0),  # no file grows: nothing is ever written to a disk
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_STACK, STACK_BYTES),
    ):
        hard = resource.getrlimit(limit)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lowest, lowest))


def _die_with(agent: int) -> None:
    """SIGKILL for this process the moment its parent dies, also when that was before we could ask for it."""
    if not sys.platform.startswith("linux"):
        return
    Path("/proc/self/oom_score_adj").write_text(PREFERRED_VICTIM)
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != agent:
        os._exit(1)


if __name__ == "__main__":
    main()
