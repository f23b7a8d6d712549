"""The weights that ship."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from parsers.linear import Linear, Weights
from service.weights import shipped_brief_reader, shipped_reader

PARSERS = Path(__file__).parent.parent / "parsers"
READER_FILE = PARSERS / "reader.json.gz"
BRIEF_READER_FILE = PARSERS / "brief_reader.json.gz"
READER = shipped_reader()
BRIEF_READER = shipped_brief_reader()


def linear(labels: Sequence[str], bias: float, weights: Mapping[str, Sequence[int]]) -> Linear:
    """A model: each feature with label numbers and hundredths in turns."""
    pairs = {
        name: [(label, one / 100) for label, one in zip(flat[::2], flat[1::2], strict=True)]
        for name, flat in weights.items()
    }
    return Linear(labels=tuple(labels), bias=(bias,) * len(labels), weights=Weights.of(pairs))
