"""The page that says what went wrong."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ErrorView:
    """The pages for 403, 404, 429 and 500.

    `trace` is what the reader can give to whoever helps; `seconds`: after how many to try again.
    """

    template: ClassVar[str] = "kit/error_page.html"

    status: int
    trace: str | None = None
    seconds: int = 0
