"""What registration can be asked, in the scope of who asks."""

from services.registration.queries.trainings import router as trainings

ROUTERS = (trainings,)
