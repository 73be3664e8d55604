"""Unit tests run without servers, in seconds, on any machine: one that asks for a server fails here."""

from typing import NoReturn

import pytest


def refuse() -> NoReturn:
    pytest.fail("A unit test starts no server: what needs one is an integration test (tests/integration).")


@pytest.fixture(scope="session")
def kafka() -> NoReturn:
    refuse()


@pytest.fixture(scope="session")
def postgres() -> NoReturn:
    refuse()


@pytest.fixture(scope="session")
def own_servers() -> NoReturn:
    refuse()


@pytest.fixture(scope="session")
def stack() -> NoReturn:
    refuse()
