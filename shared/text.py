"""One reading of every text that people and software send, whatever channel it came by.

A text is in Unicode NFC, has no control characters and nothing that XML cannot carry, and is not only blank or
invisible. In a field of one line every run of white space is one blank. Lengths are counted after that.

`folded` is for comparing and searching only: two names or titles that a reader would call the same give the same.
"""

import re
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

# C0 but tab and line breaks, C1 whole, lone surrogates, and the noncharacters of every plane. Of C1 also U+0085, which
# Unicode calls a line break: nobody types it, and where it comes from a file it was an ellipsis in Windows-1252.
_REFUSED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
# Unicode's Default_Ignorable_Code_Point, which Python's own tables do not have, and what is drawn as an empty cell.
INVISIBLE_SIGNS: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_BLANK: Final = re.compile(rf"[\s{INVISIBLE_SIGNS}]*")
_INVISIBLE: Final = re.compile(rf"[{INVISIBLE_SIGNS}]+")
_LINE_BREAK: Final = re.compile("\r\n|[\r\u2028\u2029]")

HYPHENS: Final = r"\-\u058a\u05be\u2010-\u2015\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
_APOSTROPHES: Final = "'`´\u02b9-\u02bf\u02c8\u2018-\u201b\u2032\u2035\uff07"
_JOINED: Final = rf"[\s{HYPHENS}{_APOSTROPHES}]+"
_BETWEEN_DIGITS: Final = re.compile(rf"(?<=\d){_JOINED}(?=\d)")
_SEPARATED: Final = re.compile(rf"(?<!\d){_JOINED}|{_JOINED}(?!\d)")
# Letters that no decomposition takes apart, as they are written where the keyboard lacks them.
_PLAIN_LETTERS: Final = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)


class TextRefusedError(ValueError):
    """A text has characters that no channel takes: controls, lone surrogates, noncharacters. It is not repeated."""


def is_refused(text: str) -> bool:
    """Check whether a text has characters that no channel takes: see TextRefusedError."""
    return not (text.isascii() and text.isprintable()) and _REFUSED.search(text) is not None


def one_line(text: str) -> str:
    """Normalise a text of one line; "" for one that is only blank or invisible. Raises TextRefusedError."""
    if text.isascii() and text.isprintable() and "  " not in text and text.strip() == text:
        return text
    return _one_line(text)


@lru_cache(maxsize=4096)
def _one_line(text: str) -> str:
    if _REFUSED.search(text):
        raise TextRefusedError
    line = " ".join(normalize("NFC", text).split())
    return "" if _BLANK.fullmatch(line) else line


def prose(text: str) -> str:
    """Normalise a text of several lines; every break is a newline. "" where nothing is visible. Raises
    TextRefusedError."""
    if text.isascii() and text.isprintable() and text.strip() == text:
        return text
    return _prose(text)


@lru_cache(maxsize=256)
def _prose(text: str) -> str:
    if _REFUSED.search(text):
        raise TextRefusedError
    lines = _LINE_BREAK.sub("\n", normalize("NFC", text)).replace("\t", " ").strip()
    return "" if _BLANK.fullmatch(lines) else lines


@lru_cache(maxsize=32_768)
def folded(text: str) -> str:
    """Fold a name or title for comparing and searching: case, accents, apostrophes, white space and hyphens count not.

    Between two digits a blank stays, so that "part 1-2" is not "part 12".
    """
    if not text.isascii():
        # Folding case may bring accents into being and the other way round: once more gives nothing new.
        text = normalize("NFKD", normalize("NFKD", _INVISIBLE.sub("", text)).casefold())
        text = "".join(sign for sign in text if not combining(sign))
    text = text.casefold().translate(_PLAIN_LETTERS)
    return _SEPARATED.sub("", _BETWEEN_DIGITS.sub(" ", text))


def folded_name(given: str | None, family: str | None) -> str:
    """Fold a person's name for comparing: which part is the given one counts not, and one alone is a name."""
    return " ".join(sorted(filter(None, (folded(given or ""), folded(family or "")))))


def folded_words(text: str) -> list[str]:
    """Fold each word of what was typed in a search box; a name is found when every word is in its `folded` form."""
    return list(filter(None, map(folded, text.split())))
