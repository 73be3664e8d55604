"""The two answers as XML documents: the acknowledgement (FO.ACRF) and the notification (FO.NOTI)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from services.gateway.batch.answers.explain_anomalies import explain, explain_rejection
from services.gateway.batch.answers.outcomes import DeclarationOutcome
from services.gateway.batch.state import Batch, State
from shared.i18n import Language

ACKNOWLEDGEMENT_NAMESPACE: Final = "urn:fla:acknowledgement:1"
NOTIFICATION_NAMESPACE: Final = "urn:fla:notification:1"

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def acknowledgement(batch: Batch, language: Language) -> bytes:
    """The whole acknowledgement of a batch that is acknowledged or cancelled: short, whatever the file's length."""
    at = batch.acknowledged_at or batch.finished_at
    assert at is not None
    if batch.state is State.CANCELLED:
        return _acknowledgement(_about(batch), "cancelled", at, "", language)
    if batch.rejection:
        return _acknowledgement(_about(batch), "negative", at, _refusal(batch.rejection, language), language)
    counted = _element("declared", batch.declared, 2)
    counted += "".join(f'  <kind name="{name}">{count}</kind>\n' for name, count in (batch.kinds or {}).items())
    return _acknowledgement(_about(batch), "positive", at, counted, language)


def rejected_arrival(
    sender: str, file_name: str, received_at: datetime, rejection: dict[str, Any], language: Language
) -> bytes:
    """The negative acknowledgement of a file of which no batch came."""
    inner = (("sender", sender), ("fileName", file_name), ("receivedAt", received_at.isoformat()))
    about = "  <batch>\n" + "".join(_element(name, value, 4) for name, value in inner) + "  </batch>\n"
    return _acknowledgement(about, "negative", received_at, _refusal(rejection, language), language)


def _acknowledgement(about: str, result: str, at: datetime, rest: str, language: Language) -> bytes:
    return (
        f'{_DECLARATION}<acknowledgement xmlns="{ACKNOWLEDGEMENT_NAMESPACE}" schemaVersion="1.0"'
        f' language="{language.value}">\n{about}'
        f"{_element('acknowledgedAt', at.isoformat(), 2)}{_element('result', result, 2)}{rest}</acknowledgement>\n"
    ).encode()


def notification_head(batch: Batch, language: Language) -> bytes:
    """The notification up to its first declaration."""
    summary = "".join(
        _element(name, value, 4)
        for name, value in (
            ("declared", batch.declared or 0),
            ("accepted", batch.accepted),
            ("acceptedWithWarnings", batch.warned),
            ("unchanged", batch.unchanged),
            ("refused", batch.refused),
        )
    )
    return (
        f'{_DECLARATION}<notification xmlns="{NOTIFICATION_NAMESPACE}" schemaVersion="1.0"'
        f' language="{language.value}" complete="{str(batch.state.is_final).lower()}">\n{_about(batch)}'
        f"  <summary>\n{summary}  </summary>\n"
    ).encode()


def notification_lines(lines: Sequence[DeclarationOutcome], language: Language) -> bytes:
    """Declarations with their outcomes."""
    return "".join(_declaration(line, language) for line in lines).encode()


def notification_tail() -> bytes:
    """Its end."""
    return b"</notification>\n"


def _about(batch: Batch) -> str:
    optional = [("fileName", batch.file_name), ("reference", batch.sender_reference)]
    inner = [("id", batch.id), ("sender", batch.sender), *((n, v) for n, v in optional if v is not None)]
    inner += [("mode", batch.mode.word), ("receivedAt", batch.received_at.isoformat())]
    return "  <batch>\n" + "".join(_element(name, value, 4) for name, value in inner) + "  </batch>\n"


def _refusal(stored: dict[str, Any], language: Language) -> str:
    rejection = explain_rejection(stored, language)
    inner = [_element(name, rejection[name], 4) for name in ("code", "text", "line") if name in rejection]
    for violation in rejection.get("violations", ()):
        names = [name for name in ("line", "reference", "element", "code", "text") if name in violation]
        inner.append("    <violation>\n" + "".join(_element(n, violation[n], 6) for n in names) + "    </violation>\n")
    return "  <refusal>\n" + "".join(inner) + "  </refusal>\n"


def _declaration(line: DeclarationOutcome, language: Language) -> str:
    place = f'line="{line.line}"' + (f' xmlLine="{line.xml_line}"' if line.xml_line else "")
    reference = f" reference={quoteattr(line.reference)}" if line.reference is not None else ""
    start = f'  <declaration {place}{reference} status="{line.status}"'
    if not line.anomalies:
        return start + "/>\n"
    inner = []
    for found in line.anomalies:
        shown = explain(found, language)
        inner.append("    <anomaly>\n" + "".join(_element(n, v, 6) for n, v in shown.items()) + "    </anomaly>\n")
    return f"{start}>\n{''.join(inner)}  </declaration>\n"


def _element(name: str, value: object, indent: int) -> str:
    return f"{' ' * indent}<{name}>{escape(str(value))}</{name}>\n"
