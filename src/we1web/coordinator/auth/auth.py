"""Authentication of one coordinator, put together: its keys, its password threads, who vouches for tokens.

Accounts live here (the embedded issuer) or at a Supabase project, never at both.
"""

from we1web.coordinator.auth.errors import AuthElsewhere
from we1web.coordinator.auth.keys import SigningKeys
from we1web.coordinator.auth.passwords import Passwords
from we1web.coordinator.auth.verifiers import Fetch, JwksVerifier, LocalVerifier, Verifier
from we1web.coordinator.clock import Clock, Entropy, SystemClock, random_bytes
from we1web.coordinator.storage.database import Database


class Auth:
    """What the routes of authentication, and identify(), need."""

    def __init__(
        self,
        database: Database,
        keys: SigningKeys,
        verifier: Verifier,
        *,
        issuer: str,
        clock: Clock,
        entropy: Entropy,
    ):
        self.database = database
        self.keys = keys
        self.verifier = verifier
        self.issuer = issuer
        self.clock = clock
        self.entropy = entropy
        self.passwords = Passwords()

    @classmethod
    async def open(
        cls,
        database: Database,
        *,
        clock: Clock | None = None,
        public_url: str = "",
        jwks_url: str = "",
        entropy: Entropy = random_bytes,
        fetch: Fetch | None = None,
    ) -> "Auth":
        """Loads (or makes) the keys. With `jwks_url` tokens of that issuer are verified and none are issued here."""
        clock = clock or SystemClock()
        keys = await SigningKeys.load(database)
        verifier: Verifier = JwksVerifier(jwks_url, clock, fetch) if jwks_url else LocalVerifier(keys, clock)
        issuer = f"{public_url.rstrip('/')}/auth/v1"
        auth = cls(database, keys, verifier, issuer=issuer, clock=clock, entropy=entropy)
        database.attached[cls] = auth
        return auth

    @classmethod
    def of(cls, database: Database) -> "Auth":
        """The Auth that was opened on this database."""
        auth = database.attached[cls]
        assert isinstance(auth, cls)
        return auth

    def require_local(self) -> None:
        """Raises AuthElsewhere when accounts are another issuer's business."""
        if not self.verifier.local:
            raise AuthElsewhere("accounts are kept by another issuer", hint="sign up and log in there, send its token")

    def close(self) -> None:
        self.passwords.close()
