"""How the coordinator's two login roles get in. A password is derived, never stored and never logged.

`we1_user` may only become anon or authenticated, `we1_service` only service_role: a user's connection cannot be turned
into a service connection by any SQL. Where the server asks for passwords, both are derived from the admin's, so that
every coordinator of a cluster arrives at the same ones without any of them storing a thing.
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

import asyncpg

from we1web.coordinator.storage.statements import statement

USER_LOGIN = "we1_user"
SERVICE_LOGIN = "we1_service"
_ROUNDS = 100_000


@dataclass(frozen=True, slots=True)
class Login:
    """A role and how it proves itself (no password: the server trusts its socket, as the embedded one does)."""

    role: str
    password: str | None

    def __repr__(self) -> str:
        return f"Login({self.role})"


def login(dsn: str, role: str) -> Login:
    """The login of a role on the server of an admin DSN."""
    admin_password = urlsplit(dsn).password
    if not admin_password:
        return Login(role, None)
    derived = hashlib.pbkdf2_hmac("sha256", admin_password.encode(), f"we1web login {role}".encode(), _ROUNDS)
    return Login(role, derived.hex())


async def ensure_password(dsn: str, who: Login) -> None:
    """Makes the server accept the derived password; only when it does not already."""
    if who.password is None or await _accepted(dsn, who):
        return
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(await connection.fetchval(statement("door/set_password"), who.role, who.password))
    finally:
        await connection.close()


async def _accepted(dsn: str, who: Login) -> bool:
    try:
        connection = await asyncpg.connect(dsn, user=who.role, password=who.password)
    except asyncpg.InvalidAuthorizationSpecificationError:
        return False
    await connection.close()
    return True
