"""Values of the configuration, each with what would be right in its error."""

from __future__ import annotations

import re
from datetime import time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from parsers.holidays import holiday_calendar

# Of each table: no key that we do not know, nothing changed later.
TABLE = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)
_UNITS = {"B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")  # RFC 5322 §3.2.3
_NO_NAMES = ("posix", "right/")  # in the folder of the time zones, and none of them
_SIZE = re.compile(r"(\d{1,9}) ?(B|KB|MB|GB)", re.I)


def _domain(value: str) -> str:
    try:
        domain = value.strip().rstrip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if "." not in domain or "@" in domain or " " in domain:
        raise ValueError(f"{value!r} is no domain; write it like acme.example")
    return domain


def _address(value: str) -> str:
    local, at, domain = value.strip().lower().rpartition("@")
    if not (at and _LOCAL_PART.fullmatch(local)):
        raise ValueError(f"{value!r} is no address; write it like maya@northlight.example")
    return f"{local}@{_domain(domain)}"


def _reachable(address: str) -> str:
    if not address.isascii():
        raise ValueError(f"{address} has letters that many mail servers refuse; practiq needs a plain one")
    return address


def _zone(value: Any) -> Any:
    try:  # not in all names that there are: to list them is to look at some two thousand files
        zone = None if str(value).startswith(_NO_NAMES) else ZoneInfo(value)
    except (ZoneInfoNotFoundError, OSError, ValueError, TypeError):
        zone = None
    if zone is None:
        from difflib import get_close_matches

        near = get_close_matches(str(value), available_timezones(), n=1)
        like = near[0] if near else "Europe/Berlin"
        raise ValueError(f"{value!r} is no time zone; did you mean {like}?")
    return zone


def _clock(value: Any) -> Any:
    try:
        return value if isinstance(value, time) else time.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f'{value!r} is no time of day; write it like "08:00"') from None


def _size(value: Any) -> Any:
    found = _SIZE.fullmatch(str(value).strip())
    if not found:
        raise ValueError(f'{value!r} is no size; write it like "1 MB"')
    return int(found[1]) * _UNITS[found[2].upper()]


def _country(value: str) -> str:
    try:
        holiday_calendar(value)
    except ValueError:
        raise ValueError(f'{value!r} is no country with holidays; write "US", or "DE-BY"') from None
    return value


Domain = Annotated[str, AfterValidator(_domain)]
Email = Annotated[str, AfterValidator(_address)]
OwnEmail = Annotated[str, AfterValidator(_address), AfterValidator(_reachable)]  # mail is sent to or from it
Zone = Annotated[ZoneInfo, BeforeValidator(_zone)]
Clock = Annotated[time, BeforeValidator(_clock)]
Size = Annotated[int, BeforeValidator(_size)]
Country = Annotated[str, AfterValidator(_country)]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Tls = Literal["implicit", "starttls", "none"]
Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(min_length=1)]
