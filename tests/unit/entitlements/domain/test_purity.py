"""The rules stay pure: nothing but values, no clock, no float. Else a balance could not be repeated."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import services.entitlements.domain

MODULES = sorted(Path(services.entitlements.domain.__file__).parent.rglob("*.py"))
OWN = "services.entitlements.domain"
WRITTEN = "shared.contracts.ledger_inputs"
"""The structs that explain a line: values too, and all that a rule may know of how it is kept."""
READS_THE_CLOCK = {"today", "now", "utcnow", "time_ns", "monotonic"}
WITH_EFFECTS = {"os", "io", "pathlib", "socket", "asyncio", "logging", "random", "subprocess", "time", "sqlite3"}


def nodes(module: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(module.read_text(encoding="utf-8")))


def imported(module: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes(module):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_rule_needs_nothing_but_values(module: Path) -> None:
    outside = {name.split(".")[0] for name in imported(module) if not name.startswith(OWN) and name != WRITTEN}
    assert outside <= set(sys.stdlib_module_names) - WITH_EFFECTS


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_no_rule_makes_a_float_or_reads_the_clock(module: Path) -> None:
    for node in nodes(module):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.Name) and node.id in ("float", "open", "print"))
        called = node.func.attr if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) else ""
        assert called not in READS_THE_CLOCK
