"""A training is declared void; it stays visible."""

from services.registration.domain.decisions import cancel
from services.registration.domain.training import Amendment, Decision, Training
from shared.contracts.training_submissions import CancellationData


def cancel_training(current: Training | None, data: CancellationData) -> Decision:
    """Decide on a cancellation of the training as it stands."""
    amendment = Amendment(
        data["person"], data["enterprise"], data["receivedAt"], data.get("reason"), data.get("expectedVersion")
    )
    return cancel(current, amendment)
