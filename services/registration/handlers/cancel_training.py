"""A training is declared void; it stays visible."""

from services.registration.domain.decisions import cancel
from services.registration.domain.training import Amendment, Decision, Training
from shared.contracts.lean import Cancellation


def cancel_training(current: Training | None, data: Cancellation) -> Decision:
    """Decide on a cancellation of the training as it stands."""
    amendment = Amendment(data.person, data.enterprise, data.received_at, data.reason, data.expected_version)
    return cancel(current, amendment)
