"""Which digest an account manager's mail answers."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from parsers.digest_days import AccountManager
from parsers.letter_tokens import tokens_of
from parsers.message import Message
from service.digest_rows import SentDigest, find_digest, list_tokens
from service.office import Office


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a mail in an account manager's name says that it answers."""

    manager: AccountManager  # in whose name it came
    digests: tuple[SentDigest, ...]  # of theirs
    strange: int  # how many letters it names that we never sent to them

    @property
    def digest(self) -> SentDigest | None:
        """The one digest of theirs that it answers; None where it names none, or several."""
        return self.digests[0] if len(self.digests) == 1 else None


def find_answered(session: Session, message: Message, office: Office) -> Answered | None:
    """
    What a message in an account manager's name answers; None where it is no answer to a letter of ours.

    Anybody else's mail is a client's or a colleague's, whatever it quotes, and is read as such. A token is
    good for its own account manager only: whoever was sent their digest commands nothing with it.
    """
    managers = [one for author in message.authors if (one := office.find_manager(author.spec))]
    if not managers or not (tokens := tokens_of(message, office.agency)):
        return None
    found = [_answered(session, one, tokens) for one in managers]
    return next((one for one in found if one.digests), found[0])


def _answered(session: Session, manager: AccountManager, tokens: Sequence[str]) -> Answered:
    theirs = list_tokens(session, manager.address)
    # In constant time: how long a comparison takes tells nobody a part of a token.
    known = [one for one in theirs if any(hmac.compare_digest(one, token) for token in tokens)]
    digests = [digest for one in known if (digest := find_digest(session, one))]
    return Answered(manager=manager, digests=tuple(digests), strange=len(tokens) - len(known))
