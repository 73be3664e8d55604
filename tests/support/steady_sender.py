"""Software that registers one training after the other while all around it falls over, as good software does:

a request without an answer, or with a failure of the server, is sent again with the same idempotency key.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Any, Self

import httpx

from cli.token import TokenRefusedError, TokenSettings, access_token
from tests.support.batch_files import Worker
from tests.support.payroll import CLIENT, Payroll

MINUTES = 120


@dataclass
class SteadySender:
    """Sends in a thread while the block lasts.

    `acknowledged`: by reference the submission that the server took; `unanswered`: what was given up without an answer.
    """

    payroll: Payroll
    workers: Sequence[Worker]
    day: date
    series: str
    pause_seconds: float = 0.05
    acknowledged: dict[str, str] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)
    _failure: BaseException | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: TracebackType | BaseException | None) -> None:
        self._stop.set()
        assert self._thread is not None
        self._thread.join()
        if self._failure is not None and kind is None:
            raise self._failure

    def _run(self) -> None:
        try:
            with httpx.Client(base_url=self.payroll.stack.gateway, timeout=10) as http:
                number = 0
                while not self._stop.is_set():
                    self._send(http, number)
                    number += 1
                    time.sleep(self.pause_seconds)
        except BaseException as failure:
            self._failure = failure

    def _send(self, http: httpx.Client, number: int) -> None:
        reference = f"{self.series}-S{number:06d}"
        worker = self.workers[number % len(self.workers)]
        body = {
            "reference": reference,
            "ssin": worker.ssin,
            "enterpriseNumber": worker.enterprise,
            "title": f"Toolbox meeting {number}",
            "startDate": self.day.isoformat(),
            "endDate": self.day.isoformat(),
            "duration": f"PT{MINUTES // 60}H",
            "status": "completed",
        }
        while not self._stop.is_set():
            answer = self._try(http, body, reference)
            if answer is not None:
                self.acknowledged[reference] = answer["submissionId"]
                self.unanswered.discard(reference)
                return
            self.unanswered.add(reference)
            time.sleep(0.2)

    def _try(self, http: httpx.Client, body: dict[str, Any], key: str) -> dict[str, Any] | None:
        """The answer that took it; None when there was none, or the server failed."""
        try:
            answer = http.post("/api/v1/trainings", json=body, headers=self._headers(key))
        except (httpx.HTTPError, TokenRefusedError):
            return None
        if answer.status_code >= 500:
            return None
        assert answer.status_code in (201, 202), answer.text
        taken: dict[str, Any] = answer.json()
        return taken

    def _headers(self, key: str) -> dict[str, str]:
        """With a token from the file where the command line keeps it. Raises TokenRefusedError."""
        settings = self.payroll.stack.settings
        where = TokenSettings(state_dir=settings.state_dir, port_offset=settings.port_offset, oidc_issuer="")
        return {"Authorization": f"Bearer {access_token(CLIENT, settings=where)}", "Idempotency-Key": key}
