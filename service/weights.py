"""What practiq has learned, as it ships with the package: loaded once, when first asked for."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files

from parsers.brief_reader import BriefReader
from parsers.reader import Reader


@cache
def shipped_reader() -> Reader:
    """What reads signals; a second to load, which most commands do not need."""
    return Reader.from_json(_weights("reader"))


@cache
def shipped_brief_reader() -> BriefReader:
    """What reads the fields of briefs."""
    return BriefReader.from_json(_weights("brief_reader"))


def _weights(name: str) -> bytes:
    return gzip.decompress(files("parsers").joinpath(f"{name}.json.gz").read_bytes())
