"""Rendering a view as HTML: Jinja2, one environment per language and rounding, everything escaped.

A route fills the view of its page and calls `render_page`; a request that htmx made for a part of the page calls
`render_fragment` with the same view. Templates get `frame` and `view`, and nothing that is not in them.
"""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import ClassVar, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.gateway.web.kit import labels
from services.gateway.web.kit.day_rounding import DayRounding
from services.gateway.web.kit.formatting import PageFormatter
from services.gateway.web.kit.frame import Area, Frame, Tone
from services.gateway.web.kit.typed_values import iso_day
from shared.i18n import Language, translations

TEMPLATE_DIRECTORY = Path(__file__).parents[1]
"""A template lies beside the page that it belongs to: `trainings/cancel_training.html`."""
STATIC_DIRECTORY = Path(__file__).parents[1] / "static"
STATIC_PREFIX = "/static"


_OFFERED: dict[str, object] = {}
_OFFERED_PER_LANGUAGE: dict[str, Callable[[Language, PageFormatter], object]] = {}


def offer(name: str, value: object) -> None:
    """Let every template use `value` under a name. Called by the site, which knows the topics, before any page."""
    _OFFERED[name] = value


def offer_per_language(name: str, make: Callable[[Language, PageFormatter], object]) -> None:
    """Let every template use what `make` gives for the page's language."""
    _OFFERED_PER_LANGUAGE[name] = make


class View(Protocol):
    """What a page shows. `template` is the page, `fragment` the part of it that can be fetched alone."""

    template: ClassVar[str]


class FragmentView(View, Protocol):
    """A view of which a part is fetched again when something changes."""

    fragment: ClassVar[str]


def render_page(frame: Frame, view: View) -> str:
    """Render the whole page. Raises jinja2.UndefinedError when a template asks for what the view does not have."""
    environment = environment_for(frame.language, frame.rounding)
    return environment.get_template(view.template).render(frame=frame, view=view, partial=False)


def render_fragment(frame: Frame, view: FragmentView) -> str:
    """Render only the fragment that htmx puts in the place of the old one."""
    environment = environment_for(frame.language, frame.rounding)
    return environment.get_template(view.fragment).render(frame=frame, view=view, partial=True)


@cache
def environment_for(language: Language, rounding: DayRounding) -> Environment:
    """Build the environment of a language and rounding; its globals are the same for all pages."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE_DIRECTORY),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    formatter = PageFormatter(language, rounding)
    environment.globals.update(
        fmt=formatter,
        labels=labels.Labels(language),
        static=static_url,
        languages=tuple(Language),
        language=language,
        Area=Area,
        Tone=Tone,
        **_OFFERED,
        **{name: make(language, formatter) for name, make in _OFFERED_PER_LANGUAGE.items()},
    )
    environment.filters["field_id"] = field_id
    environment.filters["as_typed_day"] = lambda text: formatter.date(day) if (day := iso_day(text)) else text
    return environment


def field_id(name: str) -> str:
    """Give the HTML id of a form field: names follow the API's paths (`provider.name`), ids have no dots."""
    return "field-" + name.replace(".", "-")


@cache
def static_url(path: str) -> str:
    """Give the address of a static file with a digest of its content, so that it may be cached for ever."""
    digest = hashlib.sha256((STATIC_DIRECTORY / path).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PREFIX}/{path}?v={digest}"
