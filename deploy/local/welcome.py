"""The closing lines of `fla up`: what to open, and whom to sign in as."""

import json

from deploy.checkout import ROOT
from deploy.identity_provider.introductions import PURPOSES
from deploy.local.services import address
from deploy.local.settings import LocalSettings, StackPart

_PEOPLE = ROOT / "deploy" / "demo" / "sign_in.json"


def text(settings: LocalSettings) -> str:
    """Write the closing lines, with markup for a terminal."""
    gateway = address(settings.ports, "gateway")
    lines = [
        "",
        f"[bold]Open {gateway}[/bold]",
        f"  API       {gateway}/api/docs",
        f"  health    {gateway}/health   (all processes: make status)",
    ]
    if StackPart.IDENTITY_PROVIDER in settings.local_parts:
        lines += ["", "Sign in as one of these fictional people; no password is needed:", *_people()]
    return "\n".join([*lines, "", "Stop: make down    Logs: make logs    All commands: make help"])


def _people() -> list[str]:
    """List one person for each role to try, in the order of the sign-in page."""
    first: dict[str, dict[str, str]] = {}
    for person in json.loads(_PEOPLE.read_text(encoding="utf-8"))["people"]:
        first.setdefault(person["introduction"], person)
    names = {key: f"{person['givenName']} {person['familyName']}" for key, person in first.items()}
    widest = max(len(name) for name in names.values())
    return [f"  {name:<{widest}}  {PURPOSES[key]}" for key, name in names.items()]
