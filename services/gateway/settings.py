"""The gateway's own settings, beside those all services share. Limits that are the same everywhere: `limits.py`."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from services.gateway.access.oidc_settings import is_secure
from services.gateway.web.kit.day_rounding import DayRounding
from shared.settings import ServiceSettings

PORT = 8080


class GatewaySettings(ServiceSettings):
    """Environment variables `FLA_…` of the gateway."""

    gateway_database_url: SecretStr = Field(description="PostgreSQL URL of the gateway's database.")
    vault_key: SecretStr = Field(description="Base64 of 32 random bytes: encrypts and hashes national numbers.")
    public_url: str = Field("", description="Address under which people reach the gateway; empty: this machine.")
    registration_url: str = Field("", description="Internal address of the registration service.")
    entitlements_url: str = Field("", description="Internal address of the entitlements service.")
    dashboard_url: str = Field("", description="Internal address of the dashboard service.")
    unknown_employment: str = Field(
        "refuse",
        pattern="^(refuse|accept)$",
        description="Trainings of people without a known employment at the enterprise: refuse, or accept and flag.",
    )
    access_days_after_end: int = Field(
        30,
        ge=0,
        le=36_500,
        description="For how many days after a person's last employment there ended an employer still has access.",
    )
    representation_url: str = Field(
        "", description="Address of the source that knows who represents which enterprise; empty: the operator decides."
    )
    representation_key: SecretStr = Field(SecretStr(""), description="Bearer token for that source, if it wants one.")
    day_rounding: DayRounding = Field(
        DayRounding.TWO_DECIMALS,
        description="How balances are shown: exact, twoDecimals or upToHalfDay. They are stored and summed exactly.",
    )
    session_hours: int = Field(8, description="How long a sign-in lasts.")
    batch_dir: Path = Field(Path(".local/batches"), description="Where uploaded files are kept.")
    batch_max_bytes: int = Field(1_000_000_000, description="Largest batch file, unpacked, in bytes.")
    batch_chunk: int = Field(1000, ge=1, le=20_000, description="Declarations of a file that are published at once.")
    batch_keep_days: int = Field(90, ge=1, description="Files of finished batches are removed after so many days.")
    exchange_dir: Path | None = Field(
        None, description="Exchange folder, as senders see it by SFTP: <sender>/in and <sender>/out. Empty: none."
    )
    exchange_poll_seconds: float = Field(2.0, gt=0, description="How often the exchange folder is looked into.")

    rate_client: int = Field(60_000, ge=0, description="Requests a minute of one API client, in this process; 0: any.")
    rate_person: int = Field(3_000, ge=0, description="Requests a minute of one signed-in person; 0: any.")
    rate_address: int = Field(6_000, ge=0, description="Requests a minute of one address without sign-in; 0: any.")
    rate_sign_in: int = Field(300, ge=0, description="Sign-ins a minute of one address; 0: any.")
    uploads_per_sender: int = Field(4, ge=1, description="Files of one sender that are received at once.")

    @field_validator("representation_url")
    @classmethod
    def _secret_on_its_way(cls, url: str) -> str:
        """National numbers are sent there: the address is https, or on this machine."""
        if url and not is_secure(url):
            raise ValueError("the source's address must begin with https:// unless it is on this machine")
        return url

    def service_url(self, name: str) -> str:
        """Where another service answers questions: its setting, else its default port on this machine."""
        ports = {"gateway": 8080, "registration": 8081, "entitlements": 8082, "dashboard": 8083}
        configured: str = getattr(self, f"{name}_url", "")
        return configured or f"http://127.0.0.1:{ports[name] + self.port_offset}"

    @property
    def address(self) -> str:
        """The gateway's public address without a slash at the end."""
        return (self.public_url or f"http://127.0.0.1:{PORT + self.port_offset}").rstrip("/")
