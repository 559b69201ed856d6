"""The only place of the simulator that looks into the environment: for live keys, which it refuses, and a test key."""

import os
from collections.abc import Mapping

from we1web.protocol.errors import We1webError

KEY_VARIABLES = ("STRIPE_SECRET_KEY", "STRIPE_API_KEY", "STRIPE_TEST_KEY", "WE1WEB_STRIPE_SECRET_KEY")
LIVE_KEYS = ("sk_live_", "rk_live_")


class LiveKey(We1webError):
    """Somebody is about to mix up the simulator and real money."""

    code = "stripe_live_key"
    hint = "unset it: the simulator takes keys that begin with sk_test_ only, and needs none itself"


def refuse_live_keys(environment: Mapping[str, str] | None = None) -> None:
    """Raises LiveKey. By default of this process's environment."""
    found = os.environ if environment is None else environment
    for name in KEY_VARIABLES:
        if found.get(name, "").startswith(LIVE_KEYS):
            raise LiveKey(f"{name} holds a live key of Stripe; this is a simulator")


class NoSandbox(We1webError):
    """There is nothing to try against."""

    code = "stripe_key_missing"
    hint = "set STRIPE_TEST_KEY to a secret key of a sandbox: it begins with sk_test_"


def key_of_sandbox(environment: Mapping[str, str] | None = None) -> str:
    """The test key of the environment. Raises LiveKey for a live one, NoSandbox for none."""
    found = os.environ if environment is None else environment
    key = found.get("STRIPE_TEST_KEY", "")
    if key.startswith(LIVE_KEYS):
        raise LiveKey("STRIPE_TEST_KEY holds a live key of Stripe", hint="use the key of a sandbox")
    if not key.startswith("sk_test_"):
        raise NoSandbox("STRIPE_TEST_KEY holds no test key of Stripe")
    return key
