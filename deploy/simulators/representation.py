"""The simulated source of who represents which enterprise. National numbers come in bodies and are never answered."""

import json
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

Ssin = Annotated[str, Field(pattern=r"^[0-9]{11}$")]
Number = Annotated[str, Field(pattern=r"^[0-9]{10}$")]


class OfOne(BaseModel):
    """The question whether this person represents this enterprise."""

    ssin: Ssin
    enterpriseNumber: Number


class OfAll(BaseModel):
    """The question which enterprises this person represents."""

    ssin: Ssin


def routes(file: Path) -> APIRouter:
    """Make the routes of both questions, answered from a file that is read each time: a change holds at once."""
    router = APIRouter()

    def read() -> dict[str, Any]:
        known: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return known

    @router.post("/representation/query")
    async def represents(asked: OfOne) -> dict[str, Any]:
        content = read()
        found = [
            line
            for line in content["representatives"]
            if (line["ssin"], line["enterpriseNumber"]) == (asked.ssin, asked.enterpriseNumber)
        ]
        known = any(enterprise["enterpriseNumber"] == asked.enterpriseNumber for enterprise in content["enterprises"])
        answer = {"enterpriseNumber": asked.enterpriseNumber, "known": known, "represents": bool(found)}
        return answer | (_details(found[0]) if found else {})

    @router.post("/representations/query")
    async def represented_by(asked: OfAll) -> dict[str, Any]:
        content = read()
        names = {enterprise["enterpriseNumber"]: enterprise["name"] for enterprise in content["enterprises"]}
        return {
            "items": [
                {
                    "enterpriseNumber": line["enterpriseNumber"],
                    "name": names[line["enterpriseNumber"]],
                    **_details(line),
                }
                for line in content["representatives"]
                if line["ssin"] == asked.ssin
            ]
        }

    return router


def _details(line: dict[str, Any]) -> dict[str, Any]:
    return {name: line[name] for name in ("function", "since", "until") if name in line}
