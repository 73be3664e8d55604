"""Joint committees (paritair comité, commission paritaire): a code of 3, 5 or 7 digits, written `305.02.09`."""

import re
from functools import lru_cache

ANY = "*"
"""The code of an arrangement that holds where no joint committee speaks: the base."""

_FORM = re.compile(r"(\d{3})(?:\.?(\d{2})(?:\.?(\d{2}))?)?")


@lru_cache(maxsize=4096)
def parse_joint_committee(text: str) -> str:
    """Parse `3050209`, `305.02.09`, `30502` or `305` to its canonical dotted code; spaces around it are ignored.

    Raises ValueError for anything but 3, 5 or 7 digits.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None or not text.isascii():
        raise ValueError(f"not a joint committee of 3, 5 or 7 digits: {text!r}")
    return ".".join(group for group in match.groups() if group)


def from_most_specific(code: str) -> tuple[str, ...]:
    """List the codes that may decide for a canonical code: `305.02.09`, `305.02`, `305`, and last the base `*`."""
    parts = code.split(".")
    return (*(".".join(parts[:length]) for length in range(len(parts), 0, -1)), ANY)
