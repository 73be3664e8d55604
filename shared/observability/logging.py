"""Structured logs: one JSON object a line, on standard output."""

import logging
import sys

import structlog
from structlog.typing import Processor

from shared.observability.quieter import Quieter
from shared.observability.redact_national_numbers import redact_national_numbers


def configure_logging(level: str) -> None:
    """Write JSON lines with an ISO moment, those of libraries bounded, and none with a national number."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, redact_national_numbers, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                redact_national_numbers,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(Quieter())
    logging.basicConfig(level=logging.WARNING if level == "INFO" else level, handlers=[handler], force=True)
