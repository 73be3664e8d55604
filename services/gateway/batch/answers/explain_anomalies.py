"""Anomalies and rejections as answers show them: code, field, severity and the text in the sender's language."""

from typing import Any

from shared.anomalies import sentence
from shared.anomaly_texts import CATALOGUE
from shared.contracts.vocabulary import Anomaly
from shared.i18n import Language


def explain(found: Anomaly, language: Language) -> dict[str, str]:
    """Give an anomaly as `{code, field?, severity, text}`."""
    entry = CATALOGUE[found["code"]]
    shown = {"code": found["code"]}
    if "field" in found:
        shown["field"] = found["field"]
    shown["severity"] = entry.severity.value
    shown["text"] = sentence(found, language)
    return shown


def explain_rejection(rejection: dict[str, Any], language: Language) -> dict[str, Any]:
    """Say why a file was rejected: `{code, text, line?, violations?: [{line?, reference?, element, code, text}]}`.

    `rejection`: as `FileRejectedError.as_json` gives it.
    """
    shown: dict[str, Any] = dict(explain(_anomaly(rejection), language))
    if "line" in rejection:
        shown["line"] = rejection["line"]
    if "violations" in rejection:
        shown["violations"] = [
            {name: one[name] for name in ("line", "reference", "element") if name in one}
            | explain(_anomaly(one), language)
            for one in rejection["violations"]
        ]
    return shown


def _anomaly(stored: dict[str, Any]) -> Anomaly:
    made: Anomaly = {"code": stored["code"]}
    if "field" in stored:
        made["field"] = stored["field"]
    if "params" in stored:
        made["params"] = stored["params"]
    return made
