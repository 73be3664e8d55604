"""The folder that the product was checked out into."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]


def absolute(path: Path) -> Path:
    """Resolve a relative folder from the checkout's root, wherever the command was started; `~` is the home folder.

    Raises ValueError where `~` is used and this user has no home folder.
    """
    try:
        return (ROOT / path.expanduser()).resolve()
    except RuntimeError as error:
        raise ValueError("this user has no home folder, so name a folder without ~") from error
