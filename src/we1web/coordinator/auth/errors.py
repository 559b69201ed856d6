"""What authentication refuses. A refusal must never say whether an e-mail address has an account, except on sign-up."""

from we1web.protocol.errors import We1webError


class AuthError(We1webError):
    """The bearer token does not let in. Codes: token_invalid, token_expired, token_revoked, scope_missing,
    operator_only."""

    code = "token_invalid"
    hint = "log in again, or make a new API token"


class CredentialsInvalid(We1webError):
    """Unknown address or wrong password: the two look the same."""

    code = "credentials_invalid"
    hint = "check the e-mail address and the password"


class EmailTaken(We1webError):
    """Somebody registered with this address before."""

    code = "email_taken"
    hint = "log in instead"


class EmailInvalid(We1webError):
    """Not an e-mail address."""

    code = "email_invalid"
    hint = "give an address like name@example.com"


class WeakPassword(We1webError):
    """Too short or too long."""

    code = "weak_password"


class SamePassword(We1webError):
    """A password change that changes nothing."""

    code = "same_password"
    hint = "choose another password"


class ProfileInvalid(We1webError):
    """A name or metadata that cannot be stored."""

    code = "profile_invalid"
    hint = "use printable text and at most 16 KiB of JSON"


class RefreshRefused(We1webError):
    """The refresh token is unknown, ended, or was used before (then the whole session is ended)."""

    code = "refresh_token_invalid"
    hint = "log in again"


class TooManyTokens(We1webError):
    """An account reached its number of API tokens."""

    code = "too_many_tokens"
    hint = "revoke a token you no longer use"


class NoSuchToken(We1webError):
    """No API token of the caller has that id."""

    code = "not_found"
    hint = "list your tokens for their ids"


class AuthBusy(We1webError):
    """More logins at once than this machine hashes passwords for."""

    code = "unavailable"
    hint = "try again in a few seconds"
    retryable = True


class AuthElsewhere(We1webError):
    """Accounts live at another issuer; this coordinator only verifies its tokens."""

    code = "auth_elsewhere"
