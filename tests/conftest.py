"""Loads the fixtures that several areas share; each area's own fixtures live beside its tests."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONGEST = ("test_readme.py", "web", "test_wheel.py", "simulation", "ws")
"""Begun first, so that at the end nobody waits for one of them alone (the rest is in alphabetical order)."""

pytest_plugins = [f"tests.{module.stem}" for module in sorted(HERE.glob("fixtures_*.py"))]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    area = item.path.relative_to(HERE).parts[0]
    return LONGEST.index(area) if area in LONGEST else len(LONGEST)
