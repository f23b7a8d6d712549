"""The weights that ship."""

from pathlib import Path

from service.weights import shipped_brief_reader, shipped_reader

PARSERS = Path(__file__).parent.parent / "parsers"
READER_FILE = PARSERS / "reader.json.gz"
BRIEF_READER_FILE = PARSERS / "brief_reader.json.gz"
READER = shipped_reader()
BRIEF_READER = shipped_brief_reader()
