"""
The log: one line an event, never a mail's words nor a password (promises.md P20).

What other libraries say may hold either, so only that they said something is logged, and where. The
wire is not logged at all, at no level.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from service.errors import traceback_of

if TYPE_CHECKING:  # it brings rich, and takes longer to load than most commands have to say
    import structlog

MAX_CHARS = 200
_NOISY = {"mailparser": "CRITICAL", "apscheduler": "ERROR", "mail.log": "ERROR", "pymap": "ERROR"}


def set_up(level: str) -> None:
    """
    Log to standard error from `level` on: lines for people on a terminal, JSON elsewhere.

    Raises ValueError for a level that there is not.
    """
    handler = _Handler()
    handler.setFormatter(_Lines(colours=sys.stderr.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    ours = logging.getLogger("service")
    ours.setLevel(level.upper())
    root.setLevel(max(ours.level, logging.WARNING))
    for name, least in _NOISY.items():
        logging.getLogger(name).setLevel(least)
    if "structlog" in sys.modules:  # else with the first line
        _configure()


class Log:
    """The log of a file, for those that every command loads: structlog is loaded with its first line."""

    def __init__(self, name: str) -> None:
        """Take the file's name."""
        self._name = name

    def debug(self, event: str, **values: Any) -> None:
        """Log what explains what follows."""
        self._logger().debug(event, **values)

    def info(self, event: str, **values: Any) -> None:
        """Log what happens."""
        self._logger().info(event, **values)

    def warning(self, event: str, **values: Any) -> None:
        """Log what somebody should look at."""
        self._logger().warning(event, **values)

    def error(self, event: str, **values: Any) -> None:
        """Log what went wrong."""
        self._logger().error(event, **values)

    def _logger(self) -> structlog.stdlib.BoundLogger:
        import structlog

        if not structlog.is_configured():
            _configure()
        logger: structlog.stdlib.BoundLogger = structlog.get_logger(self._name)
        return logger


class _Handler(logging.StreamHandler[TextIO]):
    """Writes where standard error leads by now: while there is a bar (bars.py) its lines go above it."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _Lines(logging.Formatter):
    """Records as lines; what makes them is loaded with the first."""

    def __init__(self, *, colours: bool) -> None:
        super().__init__()
        self._colours = colours

    def format(self, record: logging.LogRecord) -> str:
        return self._formatter.format(record)

    @cached_property
    def _formatter(self) -> logging.Formatter:
        import structlog

        renderer: Any = (
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
            if self._colours
            else structlog.processors.JSONRenderer()
        )
        return structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_without_words, *_shared()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )


def _shared() -> list[Any]:
    """What is done to each line, whoever says it."""
    import structlog

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_traceback),
        _cut,
    ]


def _configure() -> None:
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
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
