"""What registration reacts to: declarations about trainings, a batch at a time, and who is employed where.

`training_submissions` takes the batch, `decide_declaration` decides on each of it, `publish_events` publishes what came
of it. `follow_employments` knows to whom an employer's access has ended.
"""

from services.registration.handlers.follow_employments import follow_employments
from services.registration.handlers.training_submissions import decide_on_submissions
from shared.contracts import employments, training_submissions
from shared.contracts.lean import TrainingSubmitted
from shared.messaging.decoding import TypedHandler
from shared.messaging.records import Handlers

HANDLERS: Handlers = {
    employments.TOPIC: follow_employments,
    training_submissions.TOPIC: TypedHandler(TrainingSubmitted, decide_on_submissions),
}
