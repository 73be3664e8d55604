"""What registration reacts to: declarations about trainings, a batch at a time.

`training_submissions` takes the batch; `register_training`, `correct_training` and `cancel_training` each decide on
one kind of declaration.
"""

from services.registration.handlers.training_submissions import decide_on_submissions
from shared.contracts import training_submissions
from shared.contracts.lean import TrainingSubmitted
from shared.messaging.decoding import Reading
from shared.messaging.records import Handlers

HANDLERS: Handlers = {training_submissions.TOPIC: Reading(TrainingSubmitted, decide_on_submissions)}
