"""The clients that may ask for tokens: the gateway's pages (public, with PKCE) and software with a key."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from joserfc.jwk import ECKey

from deploy.identity_provider.keys import load_or_create


@dataclass(frozen=True, slots=True)
class WebClient:
    """The client that signs people in. Addresses are compared character by character."""

    client_id: str
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MachineClient:
    """A client that is software: the scopes it may ask for and the key of its assertions."""

    client_id: str
    scopes: frozenset[str]
    public_key: ECKey


class Clients:
    """The registered clients."""

    def __init__(self, web: WebClient, machines: Iterable[MachineClient]) -> None:
        self._web = web
        self._machines = {machine.client_id: machine for machine in machines}

    def web(self, client_id: str) -> WebClient | None:
        return self._web if self._web.client_id == client_id else None

    def machine(self, client_id: str) -> MachineClient | None:
        return self._machines.get(client_id)

    @classmethod
    def from_files(cls, web: WebClient, access_file: Path, key_dir: Path) -> Self:
        """Read the machine clients from `access.json`.

        A client with a `publicKey` (JWK) keeps its private key to itself. For the others, the demo's own, a key pair is
        made at the first start and the private half is left in `key_dir` as `<client id>.jwk`, for `fla token`.
        """
        lines = json.loads(access_file.read_text(encoding="utf-8"))["clients"]
        machines = []
        for line in lines:
            client_id = line["clientId"]
            given = line.get("publicKey")
            key = ECKey.import_key(given) if given else load_or_create(key_dir / f"{client_id}.jwk")
            machines.append(MachineClient(client_id, frozenset(line["scopes"]), key))
        return cls(web, machines)
