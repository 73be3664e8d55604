"""A wrong address would let a service write into another one's database, or into none."""

from urllib.parse import unquote, urlsplit

import pytest

from deploy.setup.databases import owner_url


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
