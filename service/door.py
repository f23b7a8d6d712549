"""What mail is never kept: of those to be ignored, and what was erased (promises.md P23)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from parsers.letterhead import letterhead_of
from service.forget_rows import Kind, erase_kept, is_forgotten, raws_of, record_forgotten


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who is let in. What was erased is known by keyed hashes, so that the database does not tell what it was."""

    ignores: frozenset[str]  # addresses and domains
    key: bytes = field(repr=False)

    def admits(self, session: Session, raw: bytes) -> bool:
        """Whether a mail may be kept."""
        if self.ignores and self._is_ignored(raw):
            return False
        return not is_forgotten(session, self._hashes(raw))

    def erase(self, session: Session, kept: Collection[int], kind: Kind, now: datetime) -> int:
        """Erase kept mail for good, and let no copy of it in again; give how many there were."""
        for raw in raws_of(session, kept):
            record_forgotten(session, self._hashes(raw), kind, now)
        return erase_kept(session, kept)

    def _is_ignored(self, raw: bytes) -> bool:
        for author in letterhead_of(raw).authors:
            labels = author.domain.split(".")
            if author.spec in self.ignores or any(
                ".".join(labels[at:]) in self.ignores for at in range(len(labels))
            ):
                return True
        return False

    def _hashes(self, raw: bytes) -> tuple[str, str]:
        """Of the bytes, and of what a copy that came another way has in common with them."""
        return self._hash(b"raw\0" + raw), self._hash(b"mark\0" + letterhead_of(raw).mark.encode())

    def _hash(self, words: bytes) -> str:
        return hmac.new(self.key, words, hashlib.sha256).hexdigest()
