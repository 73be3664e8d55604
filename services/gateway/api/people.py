"""National numbers and names on what leaves the API: only here do person ids become people."""

from collections.abc import Sequence
from typing import Any

from fastapi import Request
from msgspec import to_builtins

from services.gateway.vault import visible_names
from services.gateway.vault.name import Name
from services.gateway.wiring import gateway_of
from shared.contracts.answers.parts import Answer
from shared.database.engine import driver, transaction


async def with_people(request: Request, enterprise: str, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Make public JSON of a service's answers, with `ssin`, `givenName` and `familyName` in the place of `person`.

    All are about this enterprise, and the names are those that it may see.
    """
    gateway = gateway_of(request)
    items: list[dict[str, Any]] = [to_builtins(answer) for answer in answers]
    ids = {item["person"] for item in items if "person" in item}
    async with transaction(gateway.engine) as connection:
        found = await visible_names.shown_to(driver(connection), enterprise, ids)
        ssins = await gateway.persons.ssins(driver(connection), ids)
    return [_person(item, found, ssins) for item in items]


def _person(item: dict[str, Any], found: dict[str, Name], ssins: dict[str, str]) -> dict[str, Any]:
    person = item.get("person")
    if person is None:
        return item
    shown = {name: value for name, value in item.items() if name != "person"}
    if person in ssins:
        shown["ssin"] = ssins[person]
    name = found.get(person, Name())
    if name.given:
        shown["givenName"] = name.given
    if name.family:
        shown["familyName"] = name.family
    return shown
