"""`python -m shared.database.migrate NAME`: bring one service's database to its newest schema."""

import os
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config

SERVICES = Path(__file__).parents[2] / "services"


def configuration(service: str) -> Config:
    """Build Alembic's configuration for a service, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(SERVICES / service / "migrations"))
    return config


def upgrade(service: str) -> None:
    """Apply what is missing. The URL comes from `FLA_<SERVICE>_DATABASE_URL`."""
    command.upgrade(configuration(service), "head")


def database_url(service: str) -> str:
    """Get the service's database as SQLAlchemy names it."""
    return os.environ[f"FLA_{service.upper()}_DATABASE_URL"].replace("postgresql://", "postgresql+asyncpg://", 1)


if __name__ == "__main__":
    upgrade(sys.argv[1])
