"""A wrong address would let a service write into another one's database, or into none."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from deploy.local.services import service_environment
from deploy.local.settings import LocalSettings
from deploy.setup.databases import owner_url
from deploy.setup.secret_file import VAULT_KEY, secrets_of
from deploy.setup.service_names import SERVICES


@pytest.mark.parametrize(
    "administrator",
    [
        "postgresql://administrator:pw@db.example.org:5433/postgres?sslmode=require",
        "postgresql://administrator@db.example.org:5433/postgres?sslmode=require",
        "postgresql://admin%40x:p%2Fw@db.example.org:5433/other?sslmode=require",
    ],
)
def test_only_role_password_and_database_differ_from_the_administrators_address(administrator: str) -> None:
    url = urlsplit(owner_url(administrator, "fla_gateway", "p@ss/word"))
    assert (url.username, unquote(url.password or ""), url.path) == ("fla_gateway", "p@ss/word", "/fla_gateway")
    assert (url.hostname, url.port, url.query) == ("db.example.org", 5433, "sslmode=require")


def test_each_service_is_told_of_its_own_database_and_the_vault_key_goes_to_the_gateway_alone(tmp_path: Path) -> None:
    settings, secrets = LocalSettings(state_dir=tmp_path), secrets_of(tmp_path)
    for service in SERVICES:
        given = service_environment(settings, secrets, "postgresql://a:b@127.0.0.1:5442/postgres", service)
        urls = [name for name in given if name.endswith("_DATABASE_URL")]
        assert urls == [f"FLA_{service.upper()}_DATABASE_URL"]
        assert (VAULT_KEY in given) == (service == "gateway")
