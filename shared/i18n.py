"""The four languages people read: gettext catalogues read straight from their `.po` files, no build step.

Code and templates hold English msgids; `shared/locale/<language>/LC_MESSAGES/fla.po` holds Dutch, French and German.
"""

from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALE_DIRECTORY = Path(__file__).parent / "locale"
DOMAIN = "fla"


class Language(StrEnum):
    """A language of the product, as its ISO 639-1 code. English is the language of the msgids."""

    DUTCH = "nl"
    FRENCH = "fr"
    GERMAN = "de"
    ENGLISH = "en"

    @property
    def own_name(self) -> str:
        """The language's name in that language: never translated, so that its readers recognise it."""
        return _OWN_NAMES[self]

    @property
    def territory_locale(self) -> str:
        """The CLDR locale of figures: `nl_BE`; English as its readers write it, with a decimal point."""
        return "en_GB" if self is Language.ENGLISH else f"{self.value}_BE"


_OWN_NAMES = {
    Language.DUTCH: "Nederlands",
    Language.FRENCH: "Français",
    Language.GERMAN: "Deutsch",
    Language.ENGLISH: "English",
}
DEFAULT_LANGUAGE = Language.DUTCH
TRANSLATED_LANGUAGES = (Language.DUTCH, Language.FRENCH, Language.GERMAN)


def catalogue_path(language: Language) -> Path:
    """Give the path of the committed catalogue of a translated language."""
    return LOCALE_DIRECTORY / language.value / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def translations(language: Language) -> NullTranslations:
    """Get the gettext object of a language; for English one that returns the msgids themselves.

    Raises FileNotFoundError when the catalogue is missing: text in the wrong language is worse than no start.
    """
    if language is Language.ENGLISH:
        return NullTranslations()
    with catalogue_path(language).open("rb") as source:
        catalogue = read_po(source, locale=language.value, domain=DOMAIN)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def N_(message: str) -> str:  # noqa: N802 - the name that gettext's extractors know
    """Mark a msgid that is translated later, where the reader's language is known. Returns it unchanged."""
    return message


def translate(language: Language, message: str, **parameters: object) -> str:
    """Translate a message and fill its `%(name)s` placeholders. Raises KeyError for a missing parameter."""
    text = translations(language).ugettext(message)
    return text % parameters if parameters else text


def translate_plural(language: Language, singular: str, plural: str, count: int, **parameters: object) -> str:
    """Translate with the plural form that `count` asks for; `%(num)s` is the count."""
    text = translations(language).ungettext(singular, plural, count)
    return text % {"num": count, **parameters}


def language_of(text: str | None) -> Language | None:
    """Find the language that a code like `nl`, `fr-BE` or `DE` names, or None when it is not one of the four."""
    primary = (text or "").replace("_", "-").split("-")[0].strip().lower()
    return next((language for language in Language if language.value == primary), None)


def negotiate(asked: str | None, remembered: str | None, accept_language: str | None) -> Language:
    """Negotiate the language: `?lang=` first, then the cookie, then the browser's `Accept-Language`, then Dutch."""
    return language_of(asked) or language_of(remembered) or _best_accepted(accept_language or "") or DEFAULT_LANGUAGE


def _best_accepted(header: str) -> Language | None:
    candidates: list[tuple[float, int, Language]] = []
    for position, part in enumerate(header.split(",")):
        tag, _, parameter = part.partition(";")
        language = language_of(tag)
        quality = _quality(parameter)
        if language is not None and quality > 0:
            candidates.append((-quality, position, language))
    return min(candidates)[2] if candidates else None


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
