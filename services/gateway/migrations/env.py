"""Alembic's entry for the gateway's database."""

from services.gateway.storage.tables import metadata
from shared.database.alembic_environment import run

run("gateway", metadata)
