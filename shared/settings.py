"""The settings that all services share. Every one is an environment variable with the prefix `FLA_`."""

from typing import ClassVar

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What a service needs to come up; each service's own settings class adds its name, port and database."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(env_prefix="FLA_", env_file=".env", extra="ignore")

    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port_offset: int = Field(0, description="Added to every default port, so that several stacks fit one machine.")
    kafka_bootstrap: str = Field("127.0.0.1:9092", description="Kafka brokers, host:port separated by commas.")
    internal_key: SecretStr = Field(description="Secret that signs the tokens services show each other.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    batch_records: int = Field(4000, description="Most records handled in one transaction.")
    batch_pause_ms: int = Field(10, description="Pause after an empty poll, which lets a batch fill.")
    stall_seconds: int = Field(60, description="Lag without progress for so long: the service exits to be restarted.")
    parked_in_a_row: int = Field(20, description="So many records parked without one success stop the consumer.")
    outbox_sweep_seconds: int = Field(20, description="How often the outbox table is read for forgotten rows.")
    outbox_memory_rows: int = Field(64, description="Outbox rows relayed from memory; above it the table is read.")
    database_connections: int = Field(8, description="Most connections to the service's own database.")
