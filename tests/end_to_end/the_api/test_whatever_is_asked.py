"""Lost: an operator's night, at a request that nobody thought of. Whatever is sent, nothing fails on our side."""

import subprocess
from pathlib import Path

import pytest

from tests.support.running_stack import RunningStack

SCHEMATHESIS = Path(__file__).resolve().parents[3] / ".venv" / "bin" / "schemathesis"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "allow_header_conformance",
)
EXAMPLES = "10"
# Every corner of every parameter once, as the one who may do most; at random as the others.
EVERYTHING, AT_RANDOM = "examples,coverage,fuzzing", "examples,fuzzing"
CLIENTS = {
    "an employer": (EVERYTHING, "noordzee-hr"),
    "a social secretariat": (AT_RANDOM, "wegwijs-payroll"),
    "software with few scopes": (AT_RANDOM, "leerhaven-catalogue", "--scope", "scope:fla:trainings:read"),
    "nobody": (AT_RANDOM,),
}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("client", CLIENTS)
def test_no_request_fails_on_our_side_or_is_answered_otherwise_than_described(
    stack: RunningStack, tmp_path: Path, client: str
) -> None:
    """Schemathesis asks every operation with what fits its description and with what does not."""
    phases, *who = CLIENTS[client]
    command = [str(SCHEMATHESIS), "--no-color", "run", f"{stack.gateway}/api/v1/openapi.json"]
    command += ["--checks", ",".join(CHECKS), "--phases", phases, "--max-examples", EXAMPLES]
    command += ["--generation-deterministic", "--request-timeout", "40"]
    command += ["--workers", "1", "--no-shrink", "--continue-on-failure", "--warnings", "off"]
    if who:
        token = stack.fla("token", "--client", *who).stdout.strip()
        command += ["--header", f"Authorization: Bearer {token}"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=550, check=False)
    assert answer.returncode == 0, answer.stdout[-8000:] + answer.stderr[-2000:]
