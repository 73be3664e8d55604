"""The entitlements service's own settings, beside those all services share."""

from pathlib import Path

from pydantic import Field, SecretStr

from services.entitlements.domain.arrangements.enterprise_size import SizePrecedence
from services.entitlements.domain.arrangements.rows import ArrangementSet
from services.entitlements.domain.employments import RestAtEnd
from services.entitlements.domain.settings import ExpiryRule
from services.entitlements.reference.load_arrangements import SHIPPED
from shared.settings import ServiceSettings

PORT = 8082


class EntitlementsSettings(ServiceSettings):
    """Environment variables `FLA_…` of the entitlements service."""

    entitlements_database_url: SecretStr = Field(description="PostgreSQL URL of the entitlements service's database.")
    arrangements_file: Path = Field(SHIPPED, description="CSV of arrangements, in the form of the one shipped.")
    arrangements_base: ArrangementSet = Field(
        ArrangementSet.BROCHURE, description="Whose rows count where no joint committee speaks: brochure or law."
    )
    expiry_rule: ExpiryRule = Field(
        ExpiryRule.PERIODS, description="How rights expire: fiveYearPeriods or fiveYearsPerRight."
    )
    rest_for_other_reasons: RestAtEnd = Field(
        RestAtEnd.LOST,
        description="The rest of the credit when a contract ends by agreement or another known reason: lost, "
        "openCredit or undecided.",
    )
    size_precedence: SizePrecedence = Field(
        SizePrecedence.MEASURED_FIRST, description="Which size counts where both exist: measuredFirst or statedFirst."
    )
    recalculation_chunk: int = Field(200, description="Employments recalculated in one transaction.")
    recalculation_seconds: float = Field(1.0, description="How often new recalculations are looked for.")
    calendar_seconds: float = Field(60.0, description="How often is looked whether the calendar changes a balance.")
