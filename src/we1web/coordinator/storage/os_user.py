"""Who runs the embedded server. PostgreSQL refuses to be root, so root lends it an unprivileged account.

Every folder above what that account must reach gets the search bit (x) for others if it lacks it; nothing is made
readable that was not. It must never touch a folder's contents except the server's own data.
"""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from we1web.coordinator.storage.errors import DatabaseError

_ACCOUNT = "we1web"
_FALLBACK = "postgres"


@dataclass(frozen=True, slots=True)
class OsUser:
    """The account of the server's processes."""

    name: str
    uid: int
    gid: int


def server_user() -> OsUser | None:
    """The account to switch to, created when missing; None when we are not root and simply stay who we are."""
    if os.geteuid() != 0:
        return None
    entry = _find(_ACCOUNT) or _create(_ACCOUNT) or _find(_FALLBACK)
    if entry is None:
        raise DatabaseError(
            "PostgreSQL does not run as root and no account for it could be created",
            code="no_server_account",
            hint=f"create one (useradd --system {_ACCOUNT}), run we1web as another user, or set DATABASE_URL",
        )
    return OsUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def hand_over(folder: Path, user: OsUser | None) -> None:
    """Makes a folder the account's own and private to it."""
    folder.chmod(0o700)
    if user is not None:
        os.chown(folder, user.uid, user.gid)
        open_path_to(folder)


def open_path_to(path: Path) -> None:
    """Lets others pass through the folders above (search only: they still cannot list them)."""
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def make_readable(folder: Path, witness: Path) -> None:
    """Lets others read an installed program; looks at one witness file to see whether that is needed at all."""
    open_path_to(folder)
    if witness.stat().st_mode & stat.S_IROTH and folder.stat().st_mode & stat.S_IXOTH:
        return
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(stat.S_IMODE(mode) | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create(name: str) -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name]
    subprocess.run(command, check=False, capture_output=True)
    return _find(name)
