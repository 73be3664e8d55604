"""What entitlements reacts to.

`employer_submissions` takes a batch of declarations: `register_enterprise`, `withdraw_enterprise`,
`register_employment`, `change_employment`, `cancel_employment`, `register_override` and `cancel_override` each
decide on one kind. `charge_training` takes a batch of trainings. `recalculate` and `change_of_calendar` react to what
concerns many, and to time; `background` calls them.
"""

from functools import partial

from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.handlers.charge_training import charge_trainings
from services.entitlements.handlers.employer_submissions import decide_on_submissions
from shared.contracts import employer_submissions, trainings
from shared.contracts.lean import TrainingToCharge
from shared.messaging.decoding import TypedHandler
from shared.messaging.records import Handlers


def handlers(rules: Rules) -> Handlers:
    """Build the handlers: topic -> batch handler.

    Employers' declarations go first, so that employments are there for their trainings.
    """
    return {
        employer_submissions.TOPIC: partial(decide_on_submissions, rules),
        trainings.TOPIC: TypedHandler(TrainingToCharge, partial(charge_trainings, rules)),
    }
