"""The sign-in page's texts in four languages: gettext catalogues of its own, as it stands for another organisation."""

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

LANGUAGES: Final = {"nl": "Nederlands", "fr": "Français", "de": "Deutsch", "en": "English"}
_DEFAULT: Final = "en"
_CATALOGUES: Final = Path(__file__).parent / "locale"


class Texts:
    """The texts of one language; a text that is not translated stays English."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._messages = _messages(language)

    def __call__(self, message: str, /, **values: str) -> str:
        translated = self._messages.get(message, message)
        return translated.format(**values) if values else translated


def chosen_language(ui_locales: str, accept_language: str) -> str:
    """Choose the first language with texts: of `ui_locales` (the client's wish), else of the browser, else English."""
    wishes = ui_locales.split() + [part.split(";")[0] for part in accept_language.split(",")]
    spoken = (wish.strip().split("-")[0].lower() for wish in wishes)
    return next((language for language in spoken if language in LANGUAGES), _DEFAULT)


@cache
def _messages(language: str) -> dict[str, str]:
    path = _CATALOGUES / language / "LC_MESSAGES" / "identity_provider.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and message.string
    }
