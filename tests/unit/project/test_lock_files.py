"""A package that is declared and not locked is missing on the next machine; one locked for nothing lies around."""

import re
import tomllib
from collections.abc import Iterable

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.checkout import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCKS = {
    "requirements.lock": [*PROJECT["dependencies"], *EXTRAS["local"]],
    "requirements-dev.lock": [*PROJECT["dependencies"], *EXTRAS["local"], *EXTRAS["dev"]],
}
# `name==1.2 \`, its hashes, then who wants it: on one line after `# via`, or on lines of their own.
PIN = re.compile(r"^([a-z0-9._-]+)==([^ ;]+)", re.MULTILINE)
OURS = f"# +{PROJECT['name']} \\(pyproject.toml\\)|# via {PROJECT['name']} \\(pyproject.toml\\)"


def pins(lock: str) -> dict[str, str]:
    """The versions by package name."""
    return dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))


def wanted_by_us(lock: str) -> set[str]:
    """The packages that stand in the lock because pyproject.toml names them."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    begins = [match.start() for match in PIN.finditer(text)]
    entries = [text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)]
    return {entry.partition("==")[0] for entry in entries if re.search(OURS, entry)}


def requirements(lines: Iterable[str]) -> dict[str, Requirement]:
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_has_what_pyproject_names_in_a_version_that_it_allows_and_nothing_else(lock: str) -> None:
    declared, locked = requirements(LOCKS[lock]), pins(lock)
    assert wanted_by_us(lock) == set(declared), "run: make lock"
    for name, requirement in declared.items():
        assert requirement.specifier.contains(locked[name], prereleases=True), f"{name}: run: make lock"


def test_the_tests_run_with_the_versions_that_the_product_runs_with() -> None:
    product, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert {name: development.get(name) for name in product} == product


@pytest.mark.parametrize("lock", [*LOCKS, "bootstrap.lock"])
def test_every_pin_has_its_hashes_and_no_registry_is_named(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert len(PIN.findall(text)) == len(re.findall(r"==[^\n]*\\\n    --hash=sha256:", text)) > 0
    assert "://" not in text
