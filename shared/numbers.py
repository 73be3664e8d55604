"""Numbers of persons and enterprises as people type and paste them: read alike everywhere, and found where they do not
belong."""

import re
from typing import Final

from shared.text import HYPHENS, INVISIBLE_SIGNS

_PUNCTUATION: Final = rf"\s._/{HYPHENS}{INVISIBLE_SIGNS}"
# Not the control characters that Python takes for white space: they are refused where they stand.
_PUNCTUATED: Final = re.compile(rf"(?:(?![\x0b\x0c\x1c-\x1f\x85])[{_PUNCTUATION}])+")
_GAP: Final = f"[{_PUNCTUATION}]{{0,3}}"
# In the groups in which they are written (85.07.30-033.28): `20240616-120` and `+32 470 12 34 56` have eleven digits
# too and are no national numbers. Looked for ahead, so that one may begin inside what another try has passed.
_GROUPED: Final = re.compile(rf"(?<!\d)(?=(\d\d{_GAP}\d\d{_GAP}\d\d{_GAP}\d\d\d{_GAP}\d\d)(?!\d))")
# Nearly all texts are told apart here, and 100,000 of them pass in a file: plain classes are twice as fast.
_SEVERAL_DIGITS: Final = re.compile(r"\d\d")
_IN_ASCII: Final = re.compile(
    r"(?<![0-9])[0-9][0-9]_[0-9][0-9]_[0-9][0-9]_[0-9][0-9][0-9]_[0-9][0-9]".replace("_", r"[\s._/\-]*")
)
_DIGITS: Final = 11


def plain_number(text: str) -> str:
    """Take the usual punctuation out of an identifier: `85.07.30-033.28`, `be 0403.019.261` -> digits."""
    if text.isascii() and text.isdigit():
        return text
    return _PUNCTUATED.sub("", text).upper().removeprefix("BE")


def holds_national_number(text: str) -> bool:
    """Check whether a valid national or BIS number stands anywhere in the text, with whatever punctuation."""
    if len(text) < _DIGITS:
        return False
    if (_IN_ASCII if text.isascii() else _SEVERAL_DIGITS).search(text) is None:
        return False
    return _GROUPED.search(text) is not None and any(_is_national_number(m[1]) for m in _GROUPED.finditer(text))


def without_national_numbers(text: str) -> str:
    """Put an ellipsis in the place of each national number, so that the rest can be shown again."""
    for match in reversed(list(_GROUPED.finditer(text))):
        if _is_national_number(match[1]):
            text = f"{text[: match.start(1)]}…{text[match.end(1) :]}"
    return text


def _is_national_number(grouped: str) -> bool:
    # Loaded here, where there is something to check: it takes longer than most files take to be read.
    from shared.identifiers import is_valid_ssin

    return is_valid_ssin("".join(str(int(sign)) for sign in grouped if sign.isdecimal()))
