"""Deciding on one declaration about a training: registered, corrected or cancelled."""

from services.registration.domain.decisions import cancel, correct, register
from services.registration.domain.training import Amendment, Change, Decision, Training
from shared.contracts.lean import Cancellation, Correction, Registration


def register_training(current: Training | None, data: Registration) -> Decision:
    """Decide on a registration; `current` is what already stands under the sender's reference."""
    declared = Training(
        data.training,
        1,
        Change.REGISTERED,
        data.person,
        data.enterprise,
        data.sender,
        data.reference,
        data.registered_by,
        data.received_at,
        None,
        data.content,
        data.received_at,
        None,
        data.distinct or False,
    )
    return register(current, declared, data.defaulted or ())


def correct_training(current: Training | None, data: Correction) -> Decision:
    """Decide on a correction of the training as it stands."""
    amendment = Amendment(data.person, data.enterprise, data.received_at, data.reason, data.expected_version)
    return correct(current, amendment, data.content, data.defaulted or ())


def cancel_training(current: Training | None, data: Cancellation) -> Decision:
    """Decide on a cancellation of the training as it stands."""
    amendment = Amendment(data.person, data.enterprise, data.received_at, data.reason, data.expected_version)
    return cancel(current, amendment)
