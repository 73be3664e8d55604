"""`/api/v1/batches`, as software meets it."""

import asyncio
import csv
import gzip
import io
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from lxml import etree

from services.gateway.api import batches, problems
from services.gateway.api.caller import Caller
from services.gateway.api.tracing import Tracing
from services.gateway.batch.state import BatchState
from services.gateway.batch.xml.parse import SCHEMA_FILE
from shared.anomalies import anomaly
from tests.support.batch_files import Plan, workers, write_batch
from tests.support.batch_gateway import MANDATED, OTHER, SENDER, BatchGateway
from tests.support.batch_xml import batch, training

XML = {"Content-Type": "application/xml"}
PLAN = Plan(SENDER, (SENDER, MANDATED), trainings=120, people=20, faults=4, year=2025)


class Api:
    """The API for one organisation."""

    def __init__(self, http: httpx.AsyncClient, gateway: BatchGateway, caller: SimpleNamespace) -> None:
        self.http, self.gateway, self.caller = http, gateway, caller

    def of(self, organisation: str) -> "Api":
        self.caller.organisation = organisation
        return self

    async def sends(self, content: bytes, **options: Any) -> httpx.Response:
        return await self.http.post(
            "/api/v1/batches", content=content, headers=XML | options.pop("headers", {}), **options
        )


@pytest.fixture
async def api(gateway: BatchGateway) -> AsyncIterator[Api]:
    app = FastAPI()
    router = APIRouter(prefix="/api/v1")
    router.include_router(batches.router)
    app.include_router(router)
    for kind, respond in problems.RESPONDERS.items():
        app.add_exception_handler(kind, respond)
    app.add_middleware(Tracing)
    app.state.gateway = SimpleNamespace(
        engine=gateway.engine, batches=gateway.channel, settings=SimpleNamespace(batch_max_bytes=50_000_000)
    )
    who = SimpleNamespace(organisation=SENDER)

    def caller() -> Caller:
        return Caller("test", who.organisation, frozenset(), frozenset({who.organisation}))

    for role in (batches.MayRead, batches.MayWrite):
        app.dependency_overrides[get_args(role)[1].dependency] = caller
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        yield Api(http, gateway, who)


async def finished(api: Api, tmp_path: Path) -> str:
    """A completed batch of 120 trainings, of which four are refused, the third by another service."""
    await api.gateway.has_workers(workers(PLAN))
    file = write_batch(tmp_path / "sent.xml", PLAN)
    reused = sorted(file.faults)[2]
    worker = asyncio.create_task(api.gateway.channel.run())
    answer = (await api.sends(file.path.read_bytes())).json()
    await api.gateway.until(await api.gateway.state(answer["id"]), lambda b: b.checkpoint == 120)
    await api.gateway.others_decide(
        lambda event: (
            [anomaly("referenceAlreadyUsed", "reference", reference="=1+1")]
            if event["data"]["item"]["line"] == reused
            else None
        )
    )
    await api.gateway.until(await api.gateway.state(answer["id"]), lambda b: b.state is BatchState.COMPLETED)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    return str(answer["id"])


async def test_a_file_is_accepted_once(api: Api) -> None:
    """Lost: a client that cannot tell whether its upload arrived, and sends it twice."""
    first = await api.sends(batch(training()), params={"fileName": "../../etc/März.xml"})
    again = await api.sends(batch(training()))
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.headers["location"] == again.headers["location"] == f"/api/v1/batches/{first.json()['id']}"
    read = (await api.http.get(first.headers["location"])).json()
    assert (read["state"], read["mode"], read["fileName"], read["sender"]) == (
        "waiting",
        "production",
        "März.xml",
        SENDER,
    )
    assert "null" not in first.text


@pytest.mark.parametrize("name", ["85073003328.xml", "Maes 85.07.30-033.28.xml", "in/85073003328"])
async def test_a_file_is_not_named_after_a_person(api: Api, name: str) -> None:
    """Lost: a national number in every list, answer and log that names the file."""
    by_address = await api.sends(batch(training()), params={"fileName": name})
    by_form = await api.http.post("/api/v1/batches", files={"file": (name, batch(training()), "text/xml")})
    for answer in (by_address, by_form):
        assert answer.status_code == 400
        assert [issue["code"] for issue in answer.json()["issues"]] == ["nationalNumberInText"]
        assert "85073003328" not in answer.text and "033.28" not in answer.text
    assert (await api.http.get("/api/v1/batches")).json()["total"] == 0


async def test_a_reference_that_is_a_national_number_is_refused_and_told_nowhere(api: Api, tmp_path: Path) -> None:
    """Lost: national numbers in events for ever, and in reports that are mailed around."""
    file = batch(training(), training("nr 85.07.30-033.28"), training("T-3", title="cursus 85073003328"))
    async with api.gateway.running():
        sent = (await api.sends(file)).json()
        await api.gateway.until(await api.gateway.state(sent["id"]), lambda b: b.checkpoint == 3)
        report = await api.http.get(f"/api/v1/batches/{sent['id']}/report", params={"format": "json"})
    lines = {line["line"]: line for line in report.json()["items"]}
    refused = {n: line for n, line in lines.items() if line["anomalies"][0]["code"] == "nationalNumberInText"}
    assert {n: (line.get("reference"), line["anomalies"][0]["field"]) for n, line in refused.items()} == {
        2: (None, "reference"), 3: ("T-3", "title"),
    }  # fmt: skip
    assert "033.28" not in report.text and "85073003328" not in report.text
    assert await api.gateway.count("select count(*) from submission_item where reference like '%33%'") == 0


@pytest.mark.parametrize("packed", [False, True])
async def test_a_form_is_as_good_as_a_body(api: Api, packed: bool) -> None:
    content = gzip.compress(batch(training())) if packed else batch(training())
    answer = await api.http.post("/api/v1/batches?mode=simulation", files={"file": ("march.xml", content, "text/xml")})
    assert (answer.status_code, answer.json()["fileName"], answer.json()["mode"]) == (202, "march.xml", "simulation")
    assert answer.json()["size"] == len(batch(training()))


@pytest.mark.parametrize(
    ("query", "header", "mode"),
    [
        ("", None, "production"),
        ("", "simulation", "simulation"),
        ("", "Production", "production"),
        ("?mode=simulation", "simulation", "simulation"),
        ("?mode=simulation", "production", None),
        ("?mode=production", "simulation", None),
    ],
)
async def test_a_rehearsal_is_asked_for_by_parameter_or_by_header(
    api: Api, query: str, header: str | None, mode: str | None
) -> None:
    """Lost: a rehearsal that was registered for real. What contradicts itself is refused."""
    headers = XML | ({"Fla-Mode": header} if header else {})
    answer = await api.http.post(f"/api/v1/batches{query}", content=batch(training()), headers=headers)
    if mode is None:
        assert (answer.status_code, answer.json()["issues"][0]["name"]) == (400, "Fla-Mode")
    else:
        assert (answer.status_code, answer.json()["mode"]) == (202, mode)


@pytest.mark.parametrize(
    ("content", "headers", "status", "type_"),
    [
        (b"x", {"Content-Type": "application/json"}, 415, "unsupportedMediaType"),
        (b"x", XML | {"Content-Encoding": "br"}, 415, "unsupportedMediaType"),
        (b"x", XML | {"Content-Length": "60000000"}, 413, "payloadTooLarge"),
        (b"x", XML | {"Idempotency-Key": "k" * 129}, 400, "badRequest"),
        (b"\x1f\x8bx", XML, 400, "badRequest"),
        (b"x", {"Content-Type": "multipart/form-data; boundary=y"}, 400, "badRequest"),
    ],
)
async def test_what_cannot_be_taken_is_a_problem(
    api: Api, content: bytes, headers: dict[str, str], status: int, type_: str
) -> None:
    answer = await api.http.post("/api/v1/batches", content=content, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:problem-type:belgif:{type_}")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_an_upload_over_the_limit_is_stopped(api: Api) -> None:
    """Without a length in its headers: it is cut off where the limit is, not when it has filled the disk."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b"<a>" + b" " * 65_533

    answer = await api.http.post("/api/v1/batches", content=endless(), headers=XML)
    assert answer.status_code == 413
    assert sent < 55_000_000


async def test_an_idempotency_key_with_another_file_is_a_conflict(api: Api) -> None:
    key = {"Idempotency-Key": "k1"}
    assert (await api.sends(batch(training()), headers=key)).status_code == 202
    assert (await api.sends(batch(training()), headers=key)).status_code == 200
    assert (await api.sends(batch(training("R2")), headers=key)).status_code == 409


async def test_only_the_sender_sees_its_batches(api: Api) -> None:
    """Lost: what one employer sends, to another."""
    mine = (await api.sends(batch(training()))).json()
    listed = (await api.http.get("/api/v1/batches")).json()
    assert ([one["id"] for one in listed["items"]], listed["total"]) == ([mine["id"]], 1)
    other = api.of(OTHER)
    assert (await other.http.get("/api/v1/batches")).json()["items"] == []
    for path in ("", "/acknowledgement", "/report"):
        assert (await other.http.get(f"/api/v1/batches/{mine['id']}{path}")).status_code == 404
    assert (await other.http.delete(f"/api/v1/batches/{mine['id']}")).status_code == 404


async def test_the_list_has_pages(api: Api) -> None:
    ids = [(await api.sends(batch(training(f"R{n}")))).json()["id"] for n in range(5)]
    first = (await api.http.get("/api/v1/batches?pageSize=2")).json()
    assert ([one["id"] for one in first["items"]], first["total"]) == ([ids[4], ids[3]], 5)
    last = (await api.http.get("/api/v1/batches?pageSize=2&page=3")).json()
    assert [one["id"] for one in last["items"]] == [ids[0]]
    assert "next" in first and "next" not in last


async def test_a_waiting_batch_is_cancelled(api: Api) -> None:
    address = (await api.sends(batch(training()))).headers["location"]
    assert (await api.http.get(f"{address}/acknowledgement")).status_code == 404
    assert (await api.http.get(f"{address}/report")).status_code == 404
    assert (await api.http.delete(address)).status_code == 204
    assert (await api.http.get(address)).json()["state"] == "cancelled"
    assert (await api.http.delete(address)).status_code == 409
    acknowledgement = f"{address}/acknowledgement"
    document = valid((await api.http.get(acknowledgement)).content, "fla-acknowledgement-1.xsd")
    said = (await api.http.get(f"{acknowledgement}?format=json")).json()
    assert (document.findtext("{*}result"), said["result"]) == ("cancelled", "cancelled")


async def test_the_answers_of_a_completed_batch(api: Api, tmp_path: Path) -> None:
    """XML, JSON and CSV say the same, line by line, in the language asked for."""
    address = f"/api/v1/batches/{await finished(api, tmp_path)}"
    read = (await api.http.get(address)).json()
    assert (read["state"], read["declared"], read["accepted"], read["refused"]) == ("completed", 120, 116, 4)
    assert read["acknowledgement"]["result"] == "positive"

    acknowledgement = await api.http.get(f"{address}/acknowledgement")
    assert valid(acknowledgement.content, "fla-acknowledgement-1.xsd").findtext("{*}declared") == "120"

    answer = await api.http.get(f"{address}/report?lang=fr")
    document = valid(answer.content, "fla-notification-1.xsd")
    xml = [(d.get("line"), d.get("reference"), d.get("status"), d.findtext("{*}anomaly/{*}text"))
           for d in document.findall("{*}declaration")]  # fmt: skip
    report = (await api.http.get(f"{address}/report?format=json&lang=fr")).json()
    json = [(str(i["line"]), i["reference"], i["status"], i.get("anomalies", [{}])[0].get("text"))
            for i in report["items"]]  # fmt: skip
    table = await api.http.get(f"{address}/report?format=csv&lang=fr")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    csv_ = [(row["line"], row["reference"], row["status"], row["text"] or None) for row in rows]
    assert xml == json == csv_
    assert [status for _, _, status, _ in xml].count("accepted") == 116
    assert (report["complete"], report["declared"], report["refused"]) == (True, 120, 4)


async def test_only_the_refused_lines(api: Api, tmp_path: Path) -> None:
    """Lost: the way to resend only what was refused."""
    address = f"/api/v1/batches/{await finished(api, tmp_path)}/report?format=json"
    everything = (await api.http.get(address)).json()["items"]
    for status in ("refused", "accepted", "unchanged"):
        chosen = (await api.http.get(f"{address}&only={status}")).json()["items"]
        assert chosen == [item for item in everything if item["status"] == status]
    assert (await api.http.get(f"{address}&only=nonsense")).status_code in (400, 422)


async def test_a_large_report_is_packed_whatever_the_client_says(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/api/v1/batches/{await finished(api, tmp_path)}/report"
    plain = await api.http.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    monkeypatch.setattr("services.gateway.batch.answers.report.COMPRESS_BYTES", 1000)
    packed = await api.http.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-type"] == "application/gzip"
    assert packed.headers["content-disposition"].endswith('.xml.gz"')
    assert gzip.decompress(packed.content) == plain.content
    assert (await api.http.get(address)).content == plain.content, "as transport, unpacked by the client"


async def test_a_report_before_the_end_says_that_it_is_not_complete(api: Api, tmp_path: Path) -> None:
    """Lost: lines shown as accepted that nobody has decided on."""
    await api.gateway.has_workers(workers(PLAN))
    file = write_batch(tmp_path / "sent.xml", PLAN)
    worker = asyncio.create_task(api.gateway.channel.run())
    answer = (await api.sends(file.path.read_bytes())).json()
    await api.gateway.until(await api.gateway.state(answer["id"]), lambda b: b.checkpoint == 120)
    report = (await api.http.get(f"{answer['self']}/report?format=json")).json()
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert (report["complete"], {item["status"] for item in report["items"]}) == (False, {"refused"})


async def test_a_report_long_after_the_file_is_gone(api: Api, tmp_path: Path) -> None:
    """Lost: the outcomes of three months ago, with an answer that breaks off in their place."""
    batch_id = await finished(api, tmp_path)
    api.gateway.channel.folders.remove(batch_id)
    report = (await api.http.get(f"/api/v1/batches/{batch_id}/report?format=json")).json()
    assert [item["line"] for item in report["items"]] == list(range(1, 121))
    assert [item["status"] for item in report["items"]].count("refused") == 4


@pytest.mark.parametrize("name", sorted(batches.SCHEMAS))
async def test_the_schemas_are_public(api: Api, name: str) -> None:
    answer = await api.http.get(f"/api/v1/schemas/{name}")
    assert answer.content == SCHEMA_FILE.with_name(name).read_bytes()
    assert (await api.http.get("/api/v1/schemas/..%2f..%2fmain.py")).status_code == 404


def valid(content: bytes, schema: str) -> etree._Element:
    document = etree.fromstring(content)
    checked = etree.XMLSchema(etree.parse(SCHEMA_FILE.with_name(schema)))
    assert checked.validate(document), checked.error_log
    return document
