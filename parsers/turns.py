"""Whose turn a client's message leaves it."""

from __future__ import annotations

from enum import StrEnum

from parsers.reader import Before, Reader

_OWED, _PUT_OFF = 0.6, 0.4  # likely enough; measured on threads that the reader had not learned from


class WaitingOn(StrEnum):
    """Whose turn it is."""

    AGENCY = "agency"
    CLIENT = "client"
    NOBODY = "nobody"


def turn_of(own: str, *, before: Before | None, reader: Reader) -> WaitingOn:
    """
    Whose turn it is after these words of a client's, decisions and briefs aside.

    The agency's where they expect an answer, the client's where they put one off ("let me ask Finance"),
    else nobody's. Total.
    """
    likely = reader.turn(own, before=before)
    owed, put_off = likely.get(WaitingOn.AGENCY, 0.0) / _OWED, likely.get(WaitingOn.CLIENT, 0.0) / _PUT_OFF
    if max(owed, put_off) < 1:
        return WaitingOn.NOBODY
    return WaitingOn.AGENCY if owed >= put_off else WaitingOn.CLIENT
