"""A training's content is replaced; the earlier version stays."""

from services.registration.domain.decisions import correct
from services.registration.domain.training import Amendment, Decision, Training
from shared.contracts.training_submissions import CorrectionData


def correct_training(current: Training | None, data: CorrectionData) -> Decision:
    """Decide on a correction of the training as it stands."""
    amendment = Amendment(
        data["person"], data["enterprise"], data["receivedAt"], data.get("reason"), data.get("expectedVersion")
    )
    return correct(current, amendment, data["content"])
