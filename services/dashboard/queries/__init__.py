"""The questions that the dashboard answers, all in the scope of who asks."""

from fastapi import APIRouter

from services.dashboard.queries import (
    changes,
    employees,
    employments,
    enterprises,
    persons,
    summary,
    totals,
    trainings,
)

ROUTERS: tuple[APIRouter, ...] = (
    enterprises.router,
    summary.router,
    trainings.router,
    employees.router,
    employments.router,
    persons.router,
    changes.router,
    totals.router,
)
