"""`@pytest.mark.rule("R7")`: the test proves rule 7 of spec/protocol.md."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "rule(*names): rules of spec/protocol.md that this test proves")
