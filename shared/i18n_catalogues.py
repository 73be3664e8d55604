"""Keeps the catalogues in step with the code: what must be translated, and what a catalogue has too much.

    python -m shared.i18n_catalogues      # adds new msgids, drops those no longer used, tells what is to be translated

Nothing here runs in the product: a test compares the catalogues with the code, maintainers run the command.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from shared.i18n import TRANSLATED_LANGUAGES, Language, catalogue_path

ROOT = Path(__file__).parent.parent
MAPPING_FILE = ROOT / "shared" / "locale" / "babel.toml"
FOLDERS = ("services", "shared", "cli", "deploy")
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "_in_words": None,
    "translate": (2,),
    "translate_plural": (2, 3),
}
"""The functions whose literal arguments are msgids, and which of their arguments."""


def extracted() -> Catalog:
    """List every msgid in code and templates, with the files it stands in."""
    catalogue = Catalog(project="Federal Learning Account", charset="utf-8", fuzzy=False)
    for folder in FOLDERS:
        for place, _line, message, _comments, context in _messages(folder):
            catalogue.add(message, locations=[(f"{folder}/{place}", 0)], context=context)
    return catalogue


def _messages(folder: str) -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    mappings = tomllib.loads(MAPPING_FILE.read_text(encoding="utf-8"))["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {
        mapping["pattern"]: {name: value for name, value in mapping.items() if name not in ("pattern", "method")}
        for mapping in mappings
    }
    yield from extract_from_dir(
        ROOT / folder, method_map=methods, options_map=options, keywords=KEYWORDS, strip_comment_tags=True
    )


def committed(language: Language) -> Catalog:
    """Get the catalogue as it is committed."""
    with catalogue_path(language).open("rb") as source:
        return read_po(source, locale=language.value)


def untranslated(catalogue: Catalog) -> list[str]:
    """Get the msgids without a complete translation: empty, partly empty or marked fuzzy."""
    return [str(message.id) for message in catalogue if message.id and (message.fuzzy or not _complete(message))]


def _complete(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings)


def update(language: Language, wanted: Catalog) -> list[str]:
    """Update one catalogue from the code and return what is still to be translated."""
    catalogue = committed(language)
    catalogue.update(wanted, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.msgid_bugs_address = ""
    with catalogue_path(language).open("wb") as target:
        write_po(target, catalogue, width=110, sort_output=True, include_lineno=False, omit_header=False)
    return untranslated(catalogue)


def main() -> int:
    """Update all catalogues; 1 when something is to be translated."""
    wanted = extracted()
    missing = {language: update(language, wanted) for language in TRANSLATED_LANGUAGES}
    for language, messages in missing.items():
        sys.stdout.writelines(f"{language.value}: {message}\n" for message in messages)
    return 1 if any(missing.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
