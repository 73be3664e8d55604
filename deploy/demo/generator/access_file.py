"""`access.json` (what the gateway loads), `sign_in.json` (what the demo identity provider shows) and
`representatives.json` (what the simulated authentic source knows)."""

from typing import Any, Final

from deploy.demo.generator.cast import (
    CLIENTS,
    ENTERPRISES,
    GUESTS,
    MANDATES,
    NOT_REGISTERED,
    PEOPLE,
    REPRESENTATIVES,
    RIGHTS,
    Guest,
    Person,
    Right,
)

_NUMBERS: Final = {enterprise.key: enterprise.number for enterprise in ENTERPRISES}
_NAMES: Final = {enterprise.key: enterprise.name for enterprise in ENTERPRISES}
_PEOPLE: Final = {person.key: person for person in PEOPLE}


def access() -> dict[str, Any]:
    """List people, enterprises, access rights, mandates and API clients in the shape of `deploy/demo/README.md`."""
    return {
        "people": [_named(person) for person in PEOPLE],
        "enterprises": [{"number": enterprise.number, "name": enterprise.name} for enterprise in ENTERPRISES],
        "accessRights": [_right(right) for right in RIGHTS],
        "mandates": [
            {"enterprise": _NUMBERS[giver], "mandatary": _NUMBERS[taker], "from": start.isoformat()}
            for giver, taker, start in MANDATES
        ],
        "clients": [
            {
                "clientId": client.client_id,
                "organisation": _NUMBERS[client.organisation],
                "name": client.name,
                "scopes": list(client.scopes),
            }
            for client in CLIENTS
        ],
    }


def sign_in() -> dict[str, Any]:
    """List the people whom the sign-in page offers, in its order."""
    return {"people": [_guest(guest) for guest in GUESTS]}


def representatives() -> dict[str, Any]:
    """List enterprises and who represents them, also enterprises that are not registered here."""
    numbers = {enterprise.key: enterprise.number for enterprise in (*ENTERPRISES, *NOT_REGISTERED)}
    return {
        "enterprises": [
            {"enterpriseNumber": enterprise.number, "name": enterprise.name}
            for enterprise in (*ENTERPRISES, *NOT_REGISTERED)
        ],
        "representatives": [
            {
                "ssin": _PEOPLE[line.person].ssin,
                "enterpriseNumber": numbers[line.enterprise],
                "function": line.function,
                "since": line.since.isoformat(),
            }
            for line in REPRESENTATIVES
        ],
    }


def _named(person: Person) -> dict[str, str]:
    return {
        "ssin": person.ssin,
        "givenName": person.given_name,
        "familyName": person.family_name,
        "language": person.language,
    }


def _right(right: Right) -> dict[str, Any]:
    line: dict[str, Any] = {"ssin": _PEOPLE[right.person].ssin, "role": right.role}
    if right.enterprise:
        line["enterprise"] = _NUMBERS[right.enterprise]
    if right.joint_committees:
        line["jointCommittees"] = list(right.joint_committees)
    return line


def _guest(guest: Guest) -> dict[str, str]:
    line = {"key": guest.person, "group": guest.group, "introduction": guest.introduction}
    if guest.enterprise:
        line["organisation"] = _NAMES[guest.enterprise]
    return line | _named(_PEOPLE[guest.person])
