"""A training is declared for the first time."""

from services.registration.domain.decisions import register
from services.registration.domain.training import Change, Decision, Training
from shared.contracts.training_submissions import RegistrationData


def register_training(current: Training | None, data: RegistrationData) -> Decision:
    """Decide on a registration; `current` is what already stands under the sender's reference."""
    declared = Training(
        data["training"],
        1,
        Change.REGISTERED,
        data["person"],
        data["enterprise"],
        data["sender"],
        data.get("reference"),
        data["registeredBy"],
        data["receivedAt"],
        None,
        data["content"],
    )
    return register(current, declared)
