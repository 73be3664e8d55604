"""`fla demo`: load the fictional enterprises and people of `deploy/demo`. Loading twice changes nothing.

Access rights, mandates and API clients go into the gateway's database; everything else goes through the
REST API with a client's token, as any sender's data.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Final, TypeVar

import httpx
import stamina
import typer

from cli.token import TokenRefusedError, TokenSettings, access_token
from deploy.checkout import ROOT
from deploy.failure import StartFailure
from deploy.local.services import address, exchange_folder, service_environment
from deploy.local.settings import LocalSettings
from deploy.local.stack import Stack

FOLDER: Final = ROOT / "deploy" / "demo"
_ABOUT_THEM: Final = ("entitlements", "trainings")
_WAIT: Final = {"Prefer": "wait=20"}
_POLL_SECONDS: Final = 0.25
_PATIENCE_SECONDS: Final = 120

T = TypeVar("T")


class DemoError(Exception):
    """The error when the demo data could not be loaded; its text is one sentence for a person at a terminal."""


class _NotYetError(DemoError):
    """The error while an outcome is still waited for; the caller gets it when the outcome does not come at all."""


@dataclass
class Loaded:
    """The number of registrations that are there now, decided and not refused, whether this call sent them or not."""

    registrations: int = 0


def register(app: typer.Typer) -> None:
    """Add this module's command to the index."""
    app.command("demo")(demo)


def demo(as_json: Annotated[bool, typer.Option("--json", help="Answer with a JSON object.")] = False) -> None:
    """Load the fictional enterprises, people and trainings; again: changes nothing."""
    try:
        loaded = load(on_progress=(lambda _: None) if as_json else typer.echo)
    except (DemoError, TokenRefusedError, StartFailure) as failure:
        typer.echo(str(failure), err=True)
        raise typer.Exit(1) from failure
    typer.echo(
        json.dumps(asdict(loaded)) if as_json else f"The demo data is there: {loaded.registrations} registrations."
    )


def load(settings: LocalSettings | None = None, on_progress: Callable[[str], object] = lambda _: None) -> Loaded:
    """Load everything into the running stack and wait until all of it is decided.

    `on_progress` gets a line per step. Raises DemoError, TokenRefusedError or StartFailure.
    """
    settings = settings or LocalSettings()
    on_progress("Access rights, mandates and clients")
    _load_access(settings)
    _make_exchange_folders(settings)
    loaded = Loaded()
    tokens = TokenSettings(state_dir=settings.state_dir, oidc_issuer=settings.issuer)
    with httpx.Client(base_url=f"{address(settings.ports, 'gateway')}/api/v1", timeout=60) as http:
        for path in sorted((FOLDER / "submissions").glob("*.json")):
            content = json.loads(path.read_text(encoding="utf-8"))
            on_progress(content["enterprise"]["name"])
            _Sender(http, path.stem, content["client"], tokens).send(content, loaded)
    return loaded


def _make_exchange_folders(settings: LocalSettings) -> None:
    """Make `<sender>/in` and `<sender>/out` for each client, as an operator does for a sender that wants them."""
    access = json.loads((FOLDER / "access.json").read_text(encoding="utf-8"))
    for organisation in {client["organisation"] for client in access["clients"]}:
        for name in ("in", "out"):
            (exchange_folder(settings) / organisation / name).mkdir(parents=True, exist_ok=True)


def _load_access(settings: LocalSettings) -> None:
    stack = Stack.of(settings)
    outcome = subprocess.run(
        [sys.executable, "-m", "services.gateway.access.load", str(FOLDER / "access.json")],
        cwd=ROOT,
        env=os.environ | service_environment(settings, stack.secrets, stack.administrator_url, "gateway"),
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode != 0:
        reason = (outcome.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DemoError(f"The access rights could not be loaded: {reason}")


@dataclass(frozen=True)
class _Sender:
    """One employer's registrations, sent by one client."""

    http: httpx.Client
    key: str
    client: str
    tokens: TokenSettings

    def send(self, content: dict[str, Any], loaded: Loaded) -> None:
        """Send the enterprise, its employments, entitlements and trainings, each when the one before is decided.

        Employments that ended are registered as running and ended last: an employer may declare nothing any more about
        somebody who left long ago.
        """
        self._enterprise(content["enterprise"])
        left = [line for line in content["employments"] if "endDate" in line]
        ids = [self._one("employments", _still_there(line)) for line in left]
        staying = [line for line in content["employments"] if "endDate" not in line]
        for collection, items in (("employments", staying), *((name, content[name]) for name in _ABOUT_THEM)):
            if items:
                self._bulk(collection, items)
        for id_, line in zip(ids, left, strict=True):
            self._end(id_, line)
        loaded.registrations += 1 + sum(len(content[name]) for name in ("employments", *_ABOUT_THEM))

    def _one(self, collection: str, body: dict[str, Any]) -> str:
        """Register one item of a collection and wait until it is decided; returns its id."""
        response = self._post(collection, body)
        answer: dict[str, Any] = response.json()
        if response.is_error:
            raise DemoError(f"{body['reference']} of {self.key} was refused: {_why(answer)}")
        if response.status_code == httpx.codes.ACCEPTED:
            refused = list(_refused(self._finished(answer["submissionId"])))
            if refused:
                raise DemoError(f"Of {self.key} was refused: {refused[0]}")
        return str(answer["id"])

    def _end(self, id_: str, line: dict[str, Any]) -> None:
        """End the employment; wait for the service that is asked for it, which may know it a moment later."""
        body = {name: value for name, value in line.items() if name not in ("givenName", "familyName")}

        def put() -> httpx.Response:
            response = self._send("PUT", f"employments/{id_}", body)
            if response.status_code == httpx.codes.NOT_FOUND:
                raise _NotYetError(f"{line['reference']} of {self.key} is not known after {_PATIENCE_SECONDS} seconds.")
            return response

        response = _until_ready(put)
        if response.is_error:
            raise DemoError(f"The end of {line['reference']} of {self.key} was refused: {_why(response.json())}")
        if response.status_code == httpx.codes.ACCEPTED:
            self._finished(response.json()["submissionId"])

    def _enterprise(self, body: dict[str, Any]) -> None:
        response = self._post("enterprises", body)
        answer = response.json()
        if response.status_code == httpx.codes.ACCEPTED:
            answer = self._finished(answer["submissionId"])
        elif response.status_code not in (httpx.codes.OK, httpx.codes.CREATED):
            raise DemoError(f"{body['name']} was refused: {_why(answer)}")
        if answer.get("refused"):
            raise DemoError(f"{body['name']} was refused: {_why(answer['items'][0])}")

    def _bulk(self, collection: str, items: list[dict[str, Any]]) -> None:
        response = self._post(f"{collection}/bulk", {"items": items})
        answer: dict[str, Any] = response.json()
        if response.status_code == httpx.codes.ACCEPTED:
            answer = self._finished(answer["id"])
        elif response.status_code != httpx.codes.OK:
            raise DemoError(f"The {collection} of {self.key} were refused: {_why(answer)}")
        refused = list(_refused(answer))
        if refused:
            raise DemoError(f"{len(refused)} {collection} of {self.key} were refused, the first because: {refused[0]}")

    def _post(self, collection: str, body: dict[str, Any]) -> httpx.Response:
        return self._send("POST", collection, body)

    def _send(self, method: str, collection: str, body: dict[str, Any]) -> httpx.Response:
        """Send a request whose idempotency key is made from its body: the same data is the same request, for ever."""
        content = json.dumps(body, ensure_ascii=False).encode()
        digest = hashlib.sha256(content).hexdigest()[:32]
        headers = {
            "Authorization": f"Bearer {access_token(self.client, settings=self.tokens)}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"demo-{self.key}-{collection.partition('/')[0]}-{digest}",
        }
        try:
            return self.http.request(method, collection, content=content, headers=headers | _WAIT)
        except httpx.HTTPError as error:
            reason = f"The gateway at {self.http.base_url} does not answer ({type(error).__name__})."
            raise DemoError(f"{reason} Is the stack running (make status)?") from error

    def _finished(self, submission: str) -> dict[str, Any]:
        """Wait until every declaration of a submission is decided; returns the submission."""

        def ask() -> dict[str, Any]:
            token = access_token(self.client, settings=self.tokens)
            response = self.http.get(f"submissions/{submission}", headers={"Authorization": f"Bearer {token}"})
            answer: dict[str, Any] = response.json()
            if response.is_error:
                raise DemoError(f"The outcome of {self.key} cannot be read: {_why(answer)}")
            if answer["status"] != "completed":
                raise _NotYetError(f"What was sent for {self.key} is not decided after {_PATIENCE_SECONDS} seconds.")
            return answer

        return _until_ready(ask)


def _until_ready(ask: Callable[[], T]) -> T:
    """Ask again as long as the answer is _NotYetError, two minutes at most."""
    again = stamina.RetryingCaller(
        attempts=None,
        timeout=_PATIENCE_SECONDS,
        wait_initial=_POLL_SECONDS,
        wait_max=_POLL_SECONDS,
        wait_jitter=0,
    )
    return again(_NotYetError, ask)


def _still_there(employment: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in employment.items() if name not in ("endDate", "endReason")}


def _refused(submission: dict[str, Any]) -> Iterator[str]:
    for item in submission["items"]:
        if item["status"] == "refused":
            yield f"{item.get('reference', item['line'])}: {_why(item)}"


def _why(answer: dict[str, Any]) -> str:
    """Join the issues of a problem or an item into one line."""
    issues = [f"{issue.get('name', '')} {issue.get('detail', '')}".strip() for issue in answer.get("issues", [])]
    return "; ".join(issues) or str(answer.get("detail", answer))


if __name__ == "__main__":
    typer.run(demo)
