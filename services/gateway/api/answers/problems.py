"""Problems as in the Belgif REST guide (RFC 9457)."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from services.gateway.api.answers.common import Language

# Not written as a class: `in` is a word of Python.
_Place = TypedDict("_Place", {"in": Literal["body", "query", "path", "header"]})


class Issue(_Place):
    """One thing that is wrong, or noteworthy, in what was sent."""

    type: Annotated[str, Field(examples=["urn:problem-type:belgif:input-validation:invalidPeriod"])]
    name: NotRequired[Annotated[str, Field(description="The field, parameter or header.", examples=["endDate"])]]
    value: NotRequired[Annotated[Any, Field(description="What was sent; never a national number.")]]
    code: NotRequired[Annotated[str, Field(description="One of `/refData/anomalies`.", examples=["endBeforeStart"])]]
    severity: NotRequired[Literal["error", "warning"]]
    detail: Language


class Problem(TypedDict):
    """A problem: what went wrong, and with `issues` what is wrong in what was sent."""

    type: Annotated[str, Field(examples=["urn:problem-type:belgif:badRequest"])]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str
    instance: Annotated[str, Field(description="Holds the trace id of the answer.")]
    issues: NotRequired[list[Issue]]
    requiredScopes: NotRequired[Annotated[list[str], Field(description="With `missingScope`: what the token lacks.")]]
