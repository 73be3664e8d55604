"""Alembic's entry for the dashboard's database."""

from services.dashboard.storage.tables import metadata
from shared.database.alembic_environment import run

run("dashboard", metadata)
