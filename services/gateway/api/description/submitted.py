"""What every operation that takes declarations answers."""

from typing import Final

from services.gateway.api.answers.submissions import Receipt, Submission
from services.gateway.api.description.operations import Answer

ONE: Final = {
    201: Answer("Decided; `Location` is what it is about.", Receipt, ("Location", "Preference-Applied")),
    202: Answer(
        "Taken, and under way; `Location` is where to ask.", Receipt, ("Location", "Preference-Applied", "Retry-After")
    ),
}
"""One declaration: by `Prefer: wait` it is decided in the same answer, as far as it takes no longer."""

MANY: Final = {
    200: Answer("Every item is decided.", Submission, ("Location", "Preference-Applied")),
    202: Answer(
        "Taken, and under way; `Location` is where to ask.",
        Submission,
        ("Location", "Preference-Applied", "Retry-After"),
    ),
}
"""Many declarations, each with its outcome."""

CHANGING: Final = (404, 409, 412)
"""What a change of something that is there can meet."""
