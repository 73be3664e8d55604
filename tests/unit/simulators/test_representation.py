"""The simulator speaks as the port expects, of the demo's people, and to this machine only."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from pydantic import ValidationError

from deploy.checkout import ROOT
from deploy.simulators.app import create_app
from deploy.simulators.settings import SimulatorSettings
from services.gateway.sources.representation import RepresentationStatus
from services.gateway.sources.representation_http import HttpRepresentationSource

DEMO = ROOT / "deploy" / "demo"
ELS, ANNA = "71042397053", "02112997047"
COLD_STORE, FLOWERS = "1999010543", "1999010741"


@pytest.fixture
async def source() -> AsyncIterator[HttpRepresentationSource]:
    transport = httpx.ASGITransport(create_app(DEMO), client=("127.0.0.1", 1))
    made = HttpRepresentationSource("http://127.0.0.1:8091", "", httpx.AsyncClient(transport=transport))
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("ssin", "number", "said"),
    [
        (ELS, COLD_STORE, RepresentationStatus.REPRESENTS),
        (ANNA, COLD_STORE, RepresentationStatus.OTHERS),
        (ELS, FLOWERS, RepresentationStatus.OTHERS),
        (ELS, "1999015590", RepresentationStatus.UNKNOWN),
        ("not a number", COLD_STORE, RepresentationStatus.AWAY),
    ],
)
async def test_it_says_who_represents(
    source: HttpRepresentationSource, ssin: str, number: str, said: RepresentationStatus
) -> None:
    assert (await source.represents(ssin, number)).said is said


async def test_it_says_what_somebody_represents(source: HttpRepresentationSource) -> None:
    offered = await source.represented_by(ELS)
    assert (COLD_STORE, "Noordzee Koelhuis BV") in [(one.enterprise, one.name) for one in offered]
    assert await source.represented_by(ANNA) == ()


async def test_it_answers_nobody_else(tmp_path: Path) -> None:
    app = create_app(tmp_path)
    elsewhere = httpx.ASGITransport(app, client=("192.0.2.1", 1))
    async with httpx.AsyncClient(transport=elsewhere, base_url="http://127.0.0.1") as http:
        assert (await http.get("/health")).status_code == httpx.codes.MISDIRECTED_REQUEST


def test_it_does_not_listen_elsewhere() -> None:
    with pytest.raises(ValidationError, match="loopback"):
        SimulatorSettings(simulators_host="0.0.0.0")
