"""A training's content is replaced; the earlier version stays."""

from services.registration.domain.decisions import correct
from services.registration.domain.training import Amendment, Decision, Training
from shared.contracts.lean import Correction


def correct_training(current: Training | None, data: Correction) -> Decision:
    """Decide on a correction of the training as it stands."""
    amendment = Amendment(data.person, data.enterprise, data.received_at, data.reason, data.expected_version)
    return correct(current, amendment, data.content, data.defaulted or ())
