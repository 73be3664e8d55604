"""A form's state: what was typed, what is wrong, and the fields as the API names them."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import FormData

from services.gateway.web.kit.wording import on_form
from shared.anomalies import is_error
from shared.contracts.vocabulary import Anomaly
from shared.i18n import Language
from shared.numbers import without_national_numbers

_PLACE = re.compile(r"\[\d+\]")
CONFIRMED_COMMITTEES = "confirmedCommittees"
"""The field that says: register this joint committee all the same. It is there only where one is in doubt, and its
value is the code, so that another one is asked about anew."""
CONFIRMED_WORKING_TIME = "confirmedWorkingTime"
"""The field that says: this small percentage is meant. Its value is what was typed."""
CONFIRMATIONS = (CONFIRMED_COMMITTEES, CONFIRMED_WORKING_TIME)


@dataclass(frozen=True)
class FieldError:
    """What is wrong with a field, in the visitor's language. `field` is None when it is about the form as a whole."""

    field: str | None
    text: str


@dataclass(frozen=True)
class FormState:
    """A form as the visitor left it: text as typed, choices by field, what is wrong.

    `submission_key` is new for each form that is shown and stays the same when it is shown again with errors, so that
    the same form sent twice changes nothing.
    """

    submission_key: str
    values: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    errors: tuple[FieldError, ...] = ()

    def value(self, name: str) -> str:
        """Get what was typed in a field; empty when nothing was."""
        return self.values.get(name, "")

    def chosen(self, name: str) -> tuple[str, ...]:
        """Get the values ticked in a field that takes several."""
        return self.choices.get(name, ())

    def error(self, name: str) -> str | None:
        """Get the first error of a field."""
        return next((error.text for error in self.errors if error.field == name), None)


def new_form(
    values: Mapping[str, str] | None = None, choices: Mapping[str, tuple[str, ...]] | None = None
) -> FormState:
    """Begin an untouched form, with a submission key of its own."""
    return FormState(secrets.token_urlsafe(16), values or {}, choices or {})


def state_of(
    form: FormData, fields: tuple[str, ...], several: tuple[str, ...] = (), errors: Iterable[FieldError] = ()
) -> FormState:
    """Keep a form as it was sent, to show it again; a national number only in the field that is made for it."""
    return FormState(
        str(form.get("submission_key", "")) or secrets.token_urlsafe(16),
        {
            name: str(form[name]) if name == "ssin" else without_national_numbers(str(form[name]))
            for name in (*fields, *CONFIRMATIONS)
            if name in form and name not in several
        },
        {name: tuple(str(value) for value in form.getlist(name)) for name in several},
        once_each(errors, (*fields, *several)),
    )


def typed_text(form: FormData, name: str) -> str:
    """Get what was typed in a field, without blanks around it; empty when nothing was."""
    value = form.get(name, "")
    return value.strip(" \t\r\n") if isinstance(value, str) else ""


def errors_of(
    anomalies: Iterable[Anomaly], language: Language, names: Mapping[str, str] | None = None
) -> tuple[FieldError, ...]:
    """Turn anomalies into errors of fields; a warning is none.

    `names`: field of the API -> field of the form, where it is not the same without its place in a list.
    """
    known = names or {}
    return tuple(
        FieldError(_name(found.get("field"), known), on_form(found, language)) for found in anomalies if is_error(found)
    )


def _name(field: str | None, names: Mapping[str, str]) -> str | None:
    if field is None or field in names:
        return names[field] if field else None
    plain = _PLACE.sub("", field)
    return names.get(plain, plain)


def once_each(errors: Iterable[FieldError], fields: Sequence[str]) -> tuple[FieldError, ...]:
    """Keep the first error of each field, in the order of the form; what is about the form as a whole comes first."""
    first: dict[str | None, FieldError] = {}
    for error in errors:
        first.setdefault(error.field, error)
    return tuple(sorted(first.values(), key=lambda error: _place(error.field, fields)))


def _place(name: str | None, fields: Sequence[str]) -> int:
    if name is None:
        return -1
    # Two fields may share an error: `duration` is typed as hours and minutes.
    return next((place for place, field in enumerate(fields) if field.startswith(name)), len(fields))


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Nest dotted fields, without what is empty: `{"provider.name": "X"}` -> `{"provider": {"name": "X"}}`."""
    tree: dict[str, Any] = {}
    for path, value in flat.items():
        if value in ("", None):
            continue
        *parents, leaf = path.split(".")
        node = tree
        for parent in parents:
            node = node.setdefault(parent, {})
        node[leaf] = value
    return tree
