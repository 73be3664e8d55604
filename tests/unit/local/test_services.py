"""A service that knows another one's database or key could read what is not its own."""

from pathlib import Path

from deploy.local.services import service_environment
from deploy.local.settings import LocalSettings
from deploy.setup.secret_file import VAULT_KEY, secrets_of
from deploy.setup.service_names import SERVICES


def test_each_service_is_told_of_its_own_database_and_the_vault_key_goes_to_the_gateway_alone(tmp_path: Path) -> None:
    settings, secrets = LocalSettings(state_dir=tmp_path), secrets_of(tmp_path)
    for service in SERVICES:
        given = service_environment(settings, secrets, "postgresql://a:b@127.0.0.1:5442/postgres", service)
        urls = [name for name in given if name.endswith("_DATABASE_URL")]
        assert urls == [f"FLA_{service.upper()}_DATABASE_URL"]
        assert (VAULT_KEY in given) == (service == "gateway")
