"""Anomalies: what is wrong or noteworthy with a declaration, as code, field and parameters."""

import re

from shared.anomaly_texts import CATALOGUE, Severity
from shared.contracts.vocabulary import Anomaly
from shared.i18n import Language, translate

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def anomaly(code: str, field: str | None = None, **params: object) -> Anomaly:
    """Make an anomaly of the catalogue. KeyError for a code that is not in it."""
    CATALOGUE[code]
    made: Anomaly = {"code": code}
    if field is not None:
        made["field"] = field
    if params:
        made["params"] = {name: str(value) for name, value in params.items()}
    return made


def sentence(found: Anomaly, language: Language) -> str:
    """Word an anomaly for people, in their language."""
    entry, parameters = CATALOGUE[found["code"]], dict(found.get("params", {}))
    expected = parameters.get("expected")
    if expected is not None:
        # What a type is called is a text too; the names of elements, which stand here as well, are nobody's msgid.
        parameters["expected"] = translate(language, expected)
    return translate(language, entry.text, **parameters)


def template(code: str, language: Language) -> str:
    """Word an entry of the catalogue by itself: an ellipsis stands where an anomaly says what it is about."""
    return translate(language, CATALOGUE[code].text, **dict.fromkeys(_PLACEHOLDER.findall(CATALOGUE[code].text), "…"))


def is_error(found: Anomaly) -> bool:
    """Check whether this anomaly refuses the declaration."""
    return CATALOGUE[found["code"]].severity is Severity.ERROR
