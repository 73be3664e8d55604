"""Alembic's entry for the entitlements service's database."""

from services.entitlements.storage.tables import metadata
from shared.database.alembic_environment import run

run("entitlements", metadata)
