"""What the gateway reacts to: the decisions on what was submitted, and who is employed where."""

from services.gateway.handlers.count_outcomes import count_outcomes
from services.gateway.handlers.follow_employments import follow_employments
from shared.contracts import employments, outcomes
from shared.messaging.records import Handlers

HANDLERS: Handlers = {
    employments.TOPIC: follow_employments,
    outcomes.TOPIC: count_outcomes,
}
