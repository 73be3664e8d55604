"""Who signed in, read from the claims of whatever provider is in use. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from shared.identifiers import is_valid_ssin

LANGUAGES: Final = frozenset({"nl", "fr", "de", "en"})


class Means(StrEnum):
    """The digital key that someone signed in with."""

    EID = "eid"
    ITSME = "itsme"
    OTHER = "other"


class ClaimNames(BaseModel):
    """Under which names the provider gives what the gateway needs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ssin: str = "egovNRN"
    given_name: str = "given_name"
    family_name: str = "family_name"
    locale: str = "locale"


@dataclass(frozen=True, slots=True)
class Identity:
    """Someone whom the provider vouches for. `ssin` (11 digits) goes to the identity vault and nowhere else."""

    subject: str
    ssin: str
    given_name: str
    family_name: str
    means: Means
    locale: str

    def __repr__(self) -> str:
        """Show neither number nor name: an identity may end up in a log line or a traceback."""
        return f"Identity(subject={self.subject!r}, means={self.means.value!r})"


class IncompleteIdentityError(Exception):
    """The provider signed someone in without telling who: a scope, a mapper or a claim name is wrong.

    `claim` is the name of the missing or malformed claim.
    """

    def __init__(self, claim: str) -> None:
        super().__init__(f"the identity provider gave no valid {claim}")
        self.claim = claim


def is_complete(claims: Mapping[str, Any], names: ClaimNames) -> bool:
    """Check whether all that is required is there, so that the provider need not be asked again."""
    return all(claims.get(name) for name in (names.ssin, names.given_name, names.family_name))


def identity_of(
    claims: Mapping[str, Any], names: ClaimNames, means: Mapping[str, Means], default_locale: str
) -> Identity:
    """Read the identity in verified claims. Raises IncompleteIdentityError."""
    ssin = "".join(character for character in _text(claims, names.ssin) if character not in ".- ")
    if not is_valid_ssin(ssin):
        raise IncompleteIdentityError(names.ssin)
    return Identity(
        subject=_text(claims, "sub"),
        ssin=ssin,
        given_name=_text(claims, names.given_name),
        family_name=_text(claims, names.family_name),
        means=_means(claims, means),
        locale=_locale(claims.get(names.locale), default_locale),
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value.strip():
        raise IncompleteIdentityError(name)
    return value.strip()


def _means(claims: Mapping[str, Any], means: Mapping[str, Means]) -> Means:
    """Read the digital key by the method (amr) if the provider tells it, else by the level of assurance (acr)."""
    methods = claims.get("amr")
    named = [*(methods if isinstance(methods, list) else [methods]), claims.get("acr")]
    return next((means[value] for value in named if isinstance(value, str) and value in means), Means.OTHER)


def _locale(value: object, default: str) -> str:
    """Read a locale (`nl-BE` -> `nl`); `default` for a language that the pages do not speak."""
    language = value.replace("_", "-").split("-")[0].lower() if isinstance(value, str) else ""
    return language if language in LANGUAGES else default
