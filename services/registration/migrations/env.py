"""Alembic's entry for the registration service's database."""

from services.registration.storage.tables import metadata
from shared.database.alembic_environment import run

run("registration", metadata)
