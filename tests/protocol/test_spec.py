"""The specification is numbered without gaps, and rules and tests know each other."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULE = re.compile(r"^- \*\*(R\d+)\*\* ", re.MULTILINE)
CITATION = re.compile(r"mark\.rule\(([^)]*)\)")


def rules() -> list[str]:
    return RULE.findall((ROOT / "spec" / "protocol.md").read_text())


def cited() -> set[str]:
    sources = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in sources for names in CITATION.findall(text) for name in re.findall(r"R\d+", names)}


def test_rules_are_numbered_in_order() -> None:
    assert rules() == [f"R{number}" for number in range(1, len(rules()) + 1)]


def test_every_rule_is_proven_by_a_test() -> None:
    missing = [name for name in rules() if name not in cited()]
    assert not missing, f'write a test with @pytest.mark.rule("{missing[0]}") for each of {missing}'


def test_no_test_cites_a_rule_that_does_not_exist() -> None:
    assert cited() <= set(rules())
