"""Nobody here runs Docker: what a container is told must be held against what the services read."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy.checkout import ROOT
from deploy.local.settings import LocalSettings, Ports
from deploy.setup.secret_file import password_name
from deploy.setup.service_names import SERVICES
from services.dashboard.settings import DashboardSettings
from services.entitlements.settings import EntitlementsSettings
from services.gateway.access.oidc_settings import OidcSettings
from services.gateway.settings import GatewaySettings
from services.registration.settings import RegistrationSettings

SETTINGS: dict[str, tuple[type[BaseSettings], ...]] = {
    "gateway": (GatewaySettings, OidcSettings),
    "registration": (RegistrationSettings,),
    "entitlements": (EntitlementsSettings,),
    "dashboard": (DashboardSettings,),
}
# Ports are fixed inside, and the image itself says where files of batches lie.
FIXED = {"FLA_PORT_OFFSET", "FLA_BATCH_DIR"}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]


def test_the_file_is_valid_to_the_schema_of_compose_files() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text(encoding="utf-8")))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_told_of_every_setting_it_reads_and_of_nothing_else(service: str) -> None:
    reads = {f"FLA_{field.upper()}" for settings in SETTINGS[service] for field in settings.model_fields}
    assert set(CONTAINERS[service]["environment"]) == reads - FIXED


def test_what_prepares_the_servers_is_told_of_both_and_of_every_password() -> None:
    told = set(CONTAINERS["prepare"]["environment"])
    assert {password_name(f"fla_{service}") for service in SERVICES} <= told
    assert {"FLA_KAFKA_BOOTSTRAP", "FLA_DATABASE_URL", "FLA_TOPIC_PARTITIONS"} <= told
    known = {f"FLA_{field.upper()}" for field in LocalSettings.model_fields}
    assert not {name for name in told if not name.endswith("_PASSWORD")} - known


def test_only_the_gateway_is_reachable_and_only_from_this_machine() -> None:
    opened = {name: container["ports"] for name, container in CONTAINERS.items() if "ports" in container}
    assert opened == {"gateway": [f"127.0.0.1:{Ports().gateway}:{Ports().gateway}"]}
    assert COMPOSE["networks"]["inside"]["internal"]
    assert [name for name, container in CONTAINERS.items() if "outside" in container["networks"]] == ["gateway"]


def test_everything_that_stays_up_says_whether_it_is_well() -> None:
    assert {name for name, container in CONTAINERS.items() if "healthcheck" not in container} == {"prepare"}
    for service in SERVICES:
        port = getattr(Ports(), service)
        assert f"http://127.0.0.1:{port}/health" in CONTAINERS[service]["healthcheck"]["test"][-1]
