"""Path and query parameters that several routes share. Whatever goes on to another service is checked here first."""

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

Id = Annotated[UUID, Path(description="The id the FLA gave.")]
Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$", description="Enterprise number, 10 digits.")]
EnterpriseQuery = Annotated[
    str, Query(alias="enterpriseNumber", pattern=r"^[01][0-9]{9}$", description="Enterprise number, 10 digits.")
]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
PageSize = Annotated[int, Query(alias="pageSize", ge=1, le=500)]
