"""A supervisor that looks in the wrong place must not be asked to start anything."""

import os
import xmlrpc.client
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.failure import StartFailure
from deploy.local import supervisor
from deploy.local.supervisor import Supervisor


def test_a_supervisor_whose_checkout_was_moved_is_stopped_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def call(_: Supervisor, method: str, *arguments: object) -> Any:
        asked.append(method)
        if method == "reloadConfig":
            raise xmlrpc.client.Fault(92, "CANT_REREAD: could not find config file")
        if method == "shutdown":
            monkeypatch.setattr(Supervisor, "is_running", lambda _: "started" in asked)
        return {"getPID": 2**22 + 1, "getAllProcessInfo": []}.get(method)

    monkeypatch.setattr(Supervisor, "_call", call)
    monkeypatch.setattr(supervisor.supervisor_configuration, "command", lambda _: ["true"])
    run = supervisor.subprocess.run
    monkeypatch.setattr(
        supervisor.subprocess, "run", lambda *args, **options: (asked.append("started"), run(*args, **options))[1]
    )
    Supervisor(tmp_path).bring_up(tmp_path / "logs", [])
    assert asked.index("shutdown") < asked.index("started")


def test_a_stack_of_another_user_is_named_and_left_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    class Theirs:
        def cmdline(self) -> list[str]:
            return supervisor.supervisor_configuration.command(tmp_path)

        def environ(self) -> dict[str, str]:
            raise psutil.AccessDenied(self.pid)

        def terminate(self) -> None:
            raise psutil.AccessDenied(self.pid)

        def username(self) -> str:
            return "els"

        pid = os.getpid() + 1

    monkeypatch.setattr(psutil, "process_iter", lambda: [Theirs()])
    with pytest.raises(StartFailure, match="run by another user, 'els'"):
        supervisor.end_left_behind(tmp_path)
