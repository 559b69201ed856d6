"""Loads the fixtures that several areas share; each area's own fixtures live beside its tests."""

from pathlib import Path

HERE = Path(__file__).parent

pytest_plugins = [f"tests.{module.stem}" for module in sorted(HERE.glob("fixtures_*.py"))]
