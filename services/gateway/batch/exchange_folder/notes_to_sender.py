"""Notes that a sender finds in its `out` folder about a file that is left alone in `in`: `FO.NAME.<name>.txt`."""

from pathlib import Path
from typing import Final

import structlog

from shared.i18n import N_, Language, translate
from shared.numbers import without_national_numbers

log = structlog.get_logger()

STRANGE_NAME: Final = N_(
    "This name is not known here; the file is left alone. Names are like %(file)s (R: for real, T: simulation), then"
    " the empty %(start)s starts it."
)
USED_NAME: Final = N_(
    "This name was used before for another file; the file is left alone. Give it a new name like %(file)s, then the"
    " empty %(start)s starts it."
)


def leave_note(folder: Path, name: str, why: str) -> None:
    """Write the note about this file of the `in` folder, once and in every language; the file itself stays.

    `why` is one of the texts above. Raises OSError.
    """
    sender, out = folder.parent.name, folder.parent / "out"
    out.mkdir(exist_ok=True)
    printable = "".join(c if c.isalnum() or c in "._-" else "_" for c in without_national_numbers(name))[:150]
    note = out / f"FO.NAME.{printable}.txt"
    if not note.exists():
        # Not the name: a sender may call a file after a person's national number.
        log.warning("file left alone in the exchange folder", sender=sender)
        example = f"{sender}.20260131.A001.R.1.1"
        texts = (
            translate(language, why, file=f"FI.FLAT.{example}", start=f"GO.FLAT.{example}") for language in Language
        )
        note.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
