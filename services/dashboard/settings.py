"""Settings of the dashboard."""

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings

NAME = "dashboard"
PORT = 8083


class DashboardSettings(ServiceSettings):
    """What the dashboard needs beside what every service needs."""

    dashboard_database_url: SecretStr = Field(description="The dashboard's own database, postgresql://…")
    dashboard_query_connections: int = Field(6, description="Most connections that questions may hold at once.")
    dashboard_query_seconds: int = Field(10, description="A question that takes longer is given up.")
    dashboard_changes_per_second: float = Field(2, description="Most signals a second to one open page.")
    dashboard_heartbeat_seconds: int = Field(15, description="Pause after which a silent stream shows it is alive.")
