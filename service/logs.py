"""The log: one line an event, never a mail's words (promises.md P20)."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

MAX_CHARS = 200
_NOISY = {"imapclient": "WARNING", "mailparser": "CRITICAL", "apscheduler": "ERROR", "mail.log": "ERROR"}
_NOISY |= {"asyncio": "WARNING", "alembic": "WARNING", "pymap": "ERROR"}


def set_up(level: str) -> None:
    """
    Log to standard error from `level` on: lines for people on a terminal, JSON elsewhere.

    Raises ValueError for a level that there is not.
    """
    colours = sys.stderr.isatty()
    renderer: Any = structlog.dev.ConsoleRenderer() if colours else structlog.processors.JSONRenderer()
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _cut,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name, least in _NOISY.items():
        logging.getLogger(name).setLevel(max(logging.getLevelName(least), root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *[one for one in shared if not isinstance(one, structlog.stdlib.ExtraAdder)],
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _cut(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Values on one line without control characters, cut where they are long; a traceback is left whole."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            flat = "".join(c if c.isprintable() else " " for c in value)
            event[key] = flat if len(flat) <= MAX_CHARS else flat[: MAX_CHARS - 1] + "…"
    return event
