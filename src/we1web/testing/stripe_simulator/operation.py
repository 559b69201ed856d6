"""What an operation is: a function that takes the state and one call, changes the state, and returns the answer."""

from collections.abc import Callable

from we1web.testing.stripe_simulator.sdk_operations import Operation
from we1web.testing.stripe_simulator.state import Call, State
from we1web.testing.stripe_simulator.store import Body

Function = Callable[[State, Call], Body]
OPERATIONS: dict[Operation, Function] = {}
"""Every operation that the simulator has; importing `operations` fills it."""


def operation(method: str, path: str) -> Callable[[Function], Function]:
    """Registers a function under the method and path that the stripe package asks for."""

    def register(function: Function) -> Function:
        assert (method, path) not in OPERATIONS, f"{method} {path} is there already"
        OPERATIONS[method, path] = function
        return function

    return register
