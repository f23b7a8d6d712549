"""
The log: one line an event, never a mail's words nor a password (promises.md P20).

What other libraries say may hold either, so only that they said something is logged, and where. The
wire is not logged at all, at no level.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

from service.errors import traceback_of

MAX_CHARS = 200
_NOISY = {"mailparser": "CRITICAL", "apscheduler": "ERROR", "mail.log": "ERROR", "pymap": "ERROR"}


def set_up(level: str) -> None:
    """
    Log to standard error from `level` on: lines for people on a terminal, JSON elsewhere.

    Raises ValueError for a level that there is not.
    """
    colours = sys.stderr.isatty()
    renderer: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if colours
        else structlog.processors.JSONRenderer()
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_traceback),
        _cut,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_without_words, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    ours = logging.getLogger("service")
    ours.setLevel(level.upper())
    root.setLevel(max(ours.level, logging.WARNING))
    for name, least in _NOISY.items():
        logging.getLogger(name).setLevel(least)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _without_words(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """That a library said something, and where in its code, instead of what it said."""
    record: logging.LogRecord = event["_record"]
    event.update(event="library", library=record.name, at=f"{record.pathname}:{record.lineno}")
    return event


def _traceback(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    return traceback_of(exc_info[1])


def _cut(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Values on one line without control characters, cut where they are long; a traceback is left whole."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception":
            flat = "".join(c if c.isprintable() else " " for c in value)
            event[key] = flat if len(flat) <= MAX_CHARS else flat[: MAX_CHARS - 1] + "…"
    return event
