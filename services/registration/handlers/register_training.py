"""A training is declared for the first time."""

from services.registration.domain.decisions import register
from services.registration.domain.training import Change, Decision, Training
from shared.contracts.lean import Registration


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
