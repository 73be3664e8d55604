"""Settings for tests that ask more in a minute than anybody does: every route as every reader."""

from typing import Any, Final

WITHOUT_LIMITS: Final[dict[str, Any]] = {
    "rate_client": 0,
    "rate_person": 0,
    "rate_address": 0,
    "rate_sign_in": 0,
    "uploads_per_sender": 100,
}
