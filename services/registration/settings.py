"""The registration service's own settings, beside those all services share."""

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings

PORT = 8081


class RegistrationSettings(ServiceSettings):
    """Environment variables `FLA_…` of the registration service."""

    registration_database_url: SecretStr = Field(description="PostgreSQL URL of the registration service's database.")
