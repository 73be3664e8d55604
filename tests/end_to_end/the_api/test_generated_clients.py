"""Lost: everyone who lets a generator write the client. Each compiles, and does what payroll software does."""

from pathlib import Path

import pytest

from deploy.local.settings import LocalSettings
from tests.support.batch_files import Plan, write_batch
from tests.support.generated_clients import GeneratedClients
from tests.support.running_stack import RunningStack

CLIENT, ENTERPRISE, EMPLOYEE = "noordzee-hr", "1999010345", "80011197789"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["python", "java", "typescript"])
def test_a_generated_client_compiles_and_works(stack: RunningStack, tmp_path: Path, language: str) -> None:
    """Token, register with and without `Prefer`, correct, cancel, bulk, a file twice, pages, and a refusal read."""
    plan = Plan(ENTERPRISE, (ENTERPRISE,), trainings=3, people=3, employments=True, series=f"GEN{language[:2].upper()}")
    file = write_batch(tmp_path / "batch.xml", plan)
    clients = GeneratedClients(tmp_path, LocalSettings().cache_dir)
    key = stack.state_dir / "clients" / f"{CLIENT}.jwk"
    token = f"{stack.identity_provider}/token"
    arguments = (stack.gateway, token, CLIENT, str(key), ENTERPRISE, EMPLOYEE, str(file.path))
    assert f"{language}: all went well" in clients.run(language, arguments)
