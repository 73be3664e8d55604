"""The demo identity provider in this process."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.demo_identity_provider import Demo, running_demo


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FLA_OIDC_ISSUER", "FLA_PORT_OFFSET", "FLA_PUBLIC_URL", "FLA_STATE_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Demo]:
    async with running_demo(tmp_path) as running:
        yield running
