"""Refusing a DOCTYPE: what comes before the first element is checked before any parser gets a byte of the file.

A DOCTYPE is found by its text: whatever a parser would do with entities, external subsets or default attributes, it
never gets the chance. Only encodings in which `<` and `!` are their ASCII bytes are taken, so that no
DOCTYPE can hide in another one.
"""

import re

from services.gateway.batch.rejection import FileRejectedError, anomaly

ENCODINGS = ("utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252")

_BOM = b"\xef\xbb\xbf"
_DECLARATION = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_SKIPPED = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)


def check_prolog(head: bytes) -> None:
    """Check the first LARGEST_PROLOG bytes of a file. Raises FileRejectedError if it cannot be a batch file."""
    if not head.strip():
        raise FileRejectedError(anomaly("emptyFile"))
    if head[:2] in (b"\xfe\xff", b"\xff\xfe") or b"\0" in head[:4]:
        raise FileRejectedError(anomaly("encodingNotSupported", allowed=", ".join(ENCODINGS)))
    text = head.removeprefix(_BOM)
    declared = _DECLARATION.match(text)
    if declared and declared[1].decode("ascii").lower() not in ENCODINGS:
        raise FileRejectedError(anomaly("encodingNotSupported", allowed=", ".join(ENCODINGS)), line=1)
    skipped = _SKIPPED.match(text)
    start = skipped.end() if skipped else 0
    line = text.count(b"\n", 0, start) + 1
    if text[start : start + 9].upper() == b"<!DOCTYPE":
        raise FileRejectedError(anomaly("doctypeNotAllowed"), line=line)
    if not re.match(rb"<[A-Za-z_:\x80-\xff]", text[start : start + 2]):
        raise FileRejectedError(anomaly("notXml"), line=line)
