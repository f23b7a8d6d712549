"""What mail is never kept: of those to be ignored, and what was erased (promises.md P23)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from parsers.domains import is_at_or_below
from service.forgotten_rows import Kind, has_forgotten, list_forgotten, record_forgotten

if TYPE_CHECKING:  # most commands let nobody in
    from parsers.letterhead import Letterhead


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who is let in. What was erased is known by keyed hashes, so that the database does not tell what it was."""

    ignores: frozenset[str]  # addresses and domains
    key: bytes = field(repr=False)

    def admitted(self, session: Session, raws: Sequence[bytes]) -> list[bool]:
        """Which of these mails may be kept."""
        erased = has_forgotten(session)
        if not (erased or self.ignores):
            return [True] * len(raws)
        from parsers.letterhead import letterhead_of

        heads = [letterhead_of(raw) for raw in raws]
        hashes = [self._hashes(raw, head) if erased else () for raw, head in zip(raws, heads, strict=True)]
        known = list_forgotten(session, [one for some in hashes for one in some])
        return [
            not self._is_ignored(head) and known.isdisjoint(its)
            for head, its in zip(heads, hashes, strict=True)
        ]

    def erase(self, session: Session, kept: Collection[int], kind: Kind, now: datetime) -> int:
        """Erase kept mail for good, and let no copy of it in again; give how many there were."""
        from parsers.letterhead import letterhead_of
        from service.forget_rows import erase_kept, raws_of

        for raw in raws_of(session, kept):
            record_forgotten(session, self._hashes(raw, letterhead_of(raw)), kind, now)
        return erase_kept(session, kept)

    def _is_ignored(self, head: Letterhead) -> bool:
        return any(
            one.spec in self.ignores or is_at_or_below(one.domain, self.ignores) for one in head.authors
        )

    def _hashes(self, raw: bytes, head: Letterhead) -> tuple[str, str]:
        """Of the bytes, and of what a copy that came another way has in common with them."""
        return self._hash(b"raw\0" + raw), self._hash(b"mark\0" + head.mark.encode())

    def _hash(self, words: bytes) -> str:
        return hmac.new(self.key, words, hashlib.sha256).hexdigest()
