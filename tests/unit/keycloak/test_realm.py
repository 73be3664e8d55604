"""If these fail, a Keycloak with our realm lets people become someone else, or does not fit the gateway."""

import json
from typing import Any

import pytest

from deploy.demo.generator.cast import CLIENTS
from deploy.keycloak.distribution import pinned
from deploy.keycloak.realm import REALM_FILE, SOFTWARE, User, realm
from services.gateway.access.identity import ClaimNames
from services.gateway.access.oidc_settings import OidcSettings

REALM: dict[str, Any] = json.loads(REALM_FILE.read_text(encoding="utf-8"))
CLIENTS_IN_REALM = {client["clientId"]: client for client in REALM["clients"]}


def test_nobody_changes_the_own_national_number() -> None:
    """It decides whose account opens."""
    (component,) = REALM["components"]["org.keycloak.userprofile.UserProfileProvider"]
    profile = json.loads(component["config"]["kc.user.profile.config"][0])
    attributes = {attribute["name"]: attribute["permissions"] for attribute in profile["attributes"]}
    assert attributes["ssin"]["edit"] == ["admin"]
    assert attributes["firstName"]["edit"] == attributes["lastName"]["edit"] == ["admin"]
    assert profile.get("unmanagedAttributePolicy") is None
    assert not REALM["registrationAllowed"]


def test_the_gateways_names_are_the_realms() -> None:
    """Without any setting but the issuer."""
    settings = OidcSettings(_env_file=None)
    web = CLIENTS_IN_REALM[settings.oidc_client_id]
    assert settings.redirect_uri in web["redirectUris"]
    assert web["attributes"]["pkce.code.challenge.method"] == "S256"
    scopes = {scope["name"]: scope for scope in REALM["clientScopes"]}
    asked = set(settings.oidc_scopes.split()) - {"openid"}
    given = {mapper["config"].get("claim.name") for name in asked for mapper in scopes[name]["protocolMappers"]}
    assert set(ClaimNames().model_dump().values()) <= given


def test_every_scope_of_the_api_is_in_the_realm() -> None:
    """A client can be given whatever the demo's clients have."""
    known = {scope["name"] for scope in REALM["clientScopes"]}
    assert {scope for client in CLIENTS for scope in client.scopes} <= known


def test_no_client_can_be_given_a_password() -> None:
    """People sign in by code, software by signed assertion; nothing else is enabled."""
    for client in CLIENTS_IN_REALM.values():
        assert not client["directAccessGrantsEnabled"]
        assert not client["implicitFlowEnabled"]
    assert CLIENTS_IN_REALM[SOFTWARE]["clientAuthenticatorType"] == "client-jwt"


def test_no_user_and_no_secret_is_committed() -> None:
    """The realm of an installation brings its own."""
    assert "users" not in REALM
    assert not {"secret", "credentials", "privateKey"} & set(json.dumps(REALM).replace('"', " ").split())


def test_an_installations_realm_has_its_addresses() -> None:
    """And no trace of the example's."""
    user = User("sofie", "x", "88011797084", "Sofie", "Maes", "nl")
    content = realm("https://fla.example", {"kty": "EC"}, [user])
    assert "127.0.0.1" not in json.dumps(content["clients"])
    assert content["users"][0]["attributes"]["ssin"] == ["88011797084"]


def test_the_distribution_is_pinned() -> None:
    """By version and by content."""
    assert pinned().version.count(".") == 2
    assert int(pinned().sha256, 16) > 0
    assert len(pinned().sha256) == 64


@pytest.mark.parametrize("client", CLIENTS_IN_REALM.values(), ids=CLIENTS_IN_REALM)
def test_access_is_not_full(client: dict[str, Any]) -> None:
    """A token carries what its client was given and no more."""
    assert client["fullScopeAllowed"] is False
