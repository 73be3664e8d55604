"""What entitlements can be asked, in the scope of who asks."""

from services.entitlements.queries.arrangements import router as arrangements
from services.entitlements.queries.employments import router as employments
from services.entitlements.queries.enterprise_overrides import router as enterprise_overrides
from services.entitlements.queries.enterprises import router as enterprises
from services.entitlements.queries.override_effects import router as override_effects
from services.entitlements.queries.overrides import router as overrides
from services.entitlements.queries.recalculations import router as recalculations
from services.entitlements.queries.what_if import router as what_if

ROUTERS = (
    arrangements,
    enterprises,
    enterprise_overrides,
    employments,
    override_effects,
    overrides,
    what_if,
    recalculations,
)
