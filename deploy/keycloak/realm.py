"""The realm for one installation: `realm.json` with that installation's addresses, keys and people."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

REALM_FILE: Final = Path(__file__).with_name("realm.json")
REALM: Final = "fla"
WEB_CLIENT: Final = "fla-web"
SOFTWARE: Final = "payroll-software"


@dataclass(frozen=True)
class User:
    """A user with a password, for trying out; in production people come from a brokered provider or a directory."""

    username: str
    password: str
    ssin: str
    given_name: str
    family_name: str
    language: str

    def as_json(self) -> dict[str, Any]:
        """Write the user in the form of a realm file."""
        return {
            "username": self.username,
            "enabled": True,
            "firstName": self.given_name,
            "lastName": self.family_name,
            "attributes": {"ssin": [self.ssin], "locale": [self.language]},
            "credentials": [{"type": "password", "value": self.password, "temporary": False}],
        }


def realm(gateway: str, software_key: dict[str, Any], users: list[User]) -> dict[str, Any]:
    """Build the realm. `gateway`: public address, no final slash. `software_key`: public JWK of the example client."""
    content: dict[str, Any] = json.loads(REALM_FILE.read_text(encoding="utf-8"))
    clients = {client["clientId"]: client for client in content["clients"]}
    clients[WEB_CLIENT]["redirectUris"] = [f"{gateway}/sign-in/callback"]
    clients[WEB_CLIENT]["attributes"]["post.logout.redirect.uris"] = f"{gateway}/"
    attributes = clients[SOFTWARE]["attributes"]
    del attributes["use.jwks.url"], attributes["jwks.url"]
    attributes |= {"use.jwks.string": "true", "jwks.string": json.dumps({"keys": [software_key]})}
    return content | {"users": [user.as_json() for user in users]}
