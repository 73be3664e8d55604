"""The questions that registration answers, all in the scope of who asks."""

from services.registration.queries.doubles import router as doubles
from services.registration.queries.trainings import router as trainings

ROUTERS = (doubles, trainings)
