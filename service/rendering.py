"""Templates to text and HTML, and text from outside as it may be shown. Alone knows Jinja2 and css-inline."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined

from parsers.digest import Item
from parsers.state import Action

_TO_DO = {
    Action.ESCALATE: "Call them",
    Action.STOP: "Stop work",
    Action.REVISE: "Revise",
    Action.PROCEED: "Go ahead",
    Action.START: "Start the brief",
    Action.RESPOND: "Answer",
    Action.DELIVER: "Deliver",
    Action.CHASE: "Chase",
    Action.NONE: "Look",
}


class Dated(Protocol):
    """Something that is so since an instant."""

    @property
    def since(self) -> datetime | None:
        """Since when, in the account manager's zone."""

    @property
    def age_days(self) -> int:
        """How many working days that is, 0 for today."""


def text_of(template: str, context: Mapping[str, object]) -> str:
    """A template filled in, as plain text: nothing is escaped."""
    return _environments()[0].get_template(template).render(context)


def page_of(template: str, context: Mapping[str, object]) -> str:
    """A template filled in, as HTML: everything from outside is escaped, and the styles stand in the elements."""
    html = _environments()[1].get_template(template).render(context)
    return css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True).inline(html)


def shown(text: str) -> str:
    """Text from outside as it may be shown: one line, no control, bidirectional or tag characters."""
    plain = text if text.isascii() and text.isprintable() else "".join(_plain(c) for c in text)
    return " ".join(plain.split())


def _plain(c: str) -> str:
    if c in "\u200c\u200d":  # Persian words and many emoji need them
        return c
    category = unicodedata.category(c)
    return " " if category in ("Cc", "Zl", "Zp") else "" if category in ("Cf", "Cs", "Co") else c


def cut(text: str, limit: int) -> str:
    """Text from outside as it may be shown, in `limit` characters at the most."""
    flat = shown(text)
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def shown_day(day: date) -> str:
    """A day as a digest writes it: "Thu 12 Nov"."""
    return f"{day:%a} {day.day} {day:%b}"


def shown_since(one: Dated, today: date) -> str:
    """Since when, as people say it; "" where nobody knows."""
    if one.since is None:
        return ""
    if one.since.date() == today:
        return f"{shown_day(one.since)} (today)"
    if one.age_days == 0:
        return shown_day(one.since)  # a weekend's mail, read before it is over
    return f"{shown_day(one.since)} ({one.age_days} working {'day' if one.age_days == 1 else 'days'})"


def _due(item: Item, today: date) -> str:
    if item.due is None:
        return ""
    return f"{'was due' if item.due < today else 'due'} {shown_day(item.due)}"


def _unbroken(days: str) -> str:
    """A day, and how long ago that is, each on one line."""
    return days.replace(" ", "\u00a0").replace("\u00a0(", " (")


@lru_cache(maxsize=1)
def _environments() -> tuple[Environment, Environment]:
    """How text is made, and how HTML is: there everything from outside is escaped."""
    loader = PackageLoader("templates", "")
    both = []
    for escaping in (False, True):
        environment = Environment(
            loader=loader,
            autoescape=escaping,  # noqa: S701 -- plain text has no markup to escape  # nosec B701
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= {
            "to_do": lambda action: _TO_DO[action],
            "shown": shown,
            "cut": cut,
            "day": shown_day,
            "due": _due,
            "since": shown_since,
            "unbroken": _unbroken,
        }
        both.append(environment)
    return both[0], both[1]
