"""What practiq has learned, as it ships with the package: loaded once, when first asked for."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from parsers.brief_reader import BriefReader
from parsers.meaning import Meaning, Utterance, meaning_of
from parsers.reader import Reader


@cache
def shipped_reader() -> Reader:
    """What reads signals; a second to load, which most commands do not need."""
    return Reader.from_json(_weights("reader"))


@cache
def shipped_brief_reader() -> BriefReader:
    """What reads the fields of briefs."""
    return BriefReader.from_json(_weights("brief_reader"))


def understood(said: Sequence[Utterance]) -> list[Meaning]:
    """What each of these messages says, by what practiq has learned."""
    reader, brief_reader = shipped_reader(), shipped_brief_reader()
    return [meaning_of(one, reader=reader, brief_reader=brief_reader) for one in said]


@cache
def learned() -> str:
    """By what the shipped weights are told from others: what one version finds, another may not."""
    return f"{zlib.crc32(_packed('reader')):x}.{zlib.crc32(_packed('brief_reader')):x}"


def _weights(name: str) -> bytes:
    return gzip.decompress(_packed(name))


def _packed(name: str) -> bytes:
    return files("parsers").joinpath(f"{name}.json.gz").read_bytes()
