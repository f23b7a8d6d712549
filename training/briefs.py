"""
Learn which words of a brief are which field: `python -m training.briefs`.

Prints how many fields are right, cross-validated (each hand tested by what the others taught), then
writes parsers/brief_reader.json.gz; the same examples give the same bytes. Needs `pip install -e
'.[train]'`.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pycrfsuite

from parsers.brief_reader import FIELDS, VERSION, BriefReader, Token, token_features, tokens_of
from parsers.lanes import written
from parsers.tagger import STATES
from training.examples import HERE, Example, load

WEIGHTS = HERE.parent / "parsers" / "brief_reader.json.gz"
CLASSES: dict[str, tuple[int, int]] = json.loads(
    gzip.decompress((HERE / "word_classes.json.gz").read_bytes())
)
FOLDS = 5
ALIKE = 0.6  # F1 of words from which a run of the text is what the label says
WORTH = 0.02  # a weight below does not change a reading
Features = list[list[str]]


def states(tokens: Sequence[Token], values: Sequence[str]) -> list[str]:
    """The state of each token, where these values are the labels of a field."""
    found = ["O"] * len(tokens)
    for value in values:
        place = find([one.word for one in tokens], [one.word for one in tokens_of(value)])
        if place and set(found[slice(*place)]) == {"O"}:
            found[slice(*place)] = ["B"] + ["I"] * (place[1] - place[0] - 1)
    return found


def find(words: list[str], wanted: list[str]) -> tuple[int, int] | None:
    """Where the wanted words stand in a row; else the run that is most like them, if it is enough so."""
    length = len(wanted)
    for first in range(len(words) - length + 1):
        if words[first : first + length] == wanted:
            return first, first + length
    counted = Counter(wanted)
    best, place = 0.0, None
    for first in range(len(words)):
        for last in range(first + 1, min(len(words), first + 3 * length + 6) + 1):
            if words[first] in counted and words[last - 1] in counted:
                shared = sum((Counter(words[first:last]) & counted).values())
                alike = 2 * shared / (last - first + length)
                if alike > best:
                    best, place = alike, (first, last)
    return place if best >= ALIKE else None


class Learned(NamedTuple):
    """Of a field in thousandths: what each feature weighs for each state, and what each move from state to state."""

    weights: Mapping[str, Sequence[int]]
    moves: Sequence[Sequence[int]]


def learn(rows: Sequence[Features], labels: Sequence[list[str]]) -> Learned:
    """A field's weights."""
    trainer = pycrfsuite.Trainer(verbose=False)
    for row, label in zip(rows, labels, strict=True):
        trainer.append(row, label)
    trainer.set_params({"c1": 0.05, "c2": 0.05, "max_iterations": 60})
    with TemporaryDirectory() as folder:
        path = str(Path(folder) / "field.crfsuite")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        learned = tagger.info()
        tagger.close()
    weights: dict[str, list[int]] = {}
    for (name, state), weight in learned.state_features.items():
        if abs(weight) >= WORTH:
            weights.setdefault(name, [0, 0, 0])[STATES.index(state)] = round(weight * 1000)
    moves = [[round(learned.transitions.get((a, b), 0.0) * 1000) for b in STATES] for a in STATES]
    return Learned(weights, moves)


def tree(fields: Mapping[str, Learned]) -> bytes:
    """The weights as a file: of each feature what it weighs against being outside, in two lanes for each field."""
    rows: dict[str, list[tuple[int, int]]] = {
        name: [] for name in sorted(set().union(*(one.weights for one in fields.values())))
    }
    for lane, one in zip(count(0, 2), fields.values()):
        for name, (outside, begins, goes_on) in one.weights.items():
            rows[name] += [(lane, begins - outside), (lane + 1, goes_on - outside)]
    counts, of, thousandths = written(rows.values())
    found = {
        "version": VERSION,
        "words": "\n".join(CLASSES),
        "coarse": [coarse for coarse, _ in CLASSES.values()],
        "fine": [fine for _, fine in CLASSES.values()],
        "moves": {field: one.moves for field, one in fields.items()},
        "names": "\n".join(rows),
        "counts": counts,
        "of": of,
        "thousandths": thousandths,
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def right(said: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether half of the words are shared (F1), as the mailbox's scorer counts."""
    one, other = (Counter(re.findall(r"\w+", " ".join(part).lower())) for part in (said, wanted))
    return 2 * sum((one & other).values()) >= 0.5 * (sum(one.values()) + sum(other.values()))


def main() -> None:
    """Measure, learn from everything, write."""
    examples = [one for one in load() if one.brief]
    tokens = [tokens_of(one.text) for one in examples]
    rows = [token_features(found, one.text, CLASSES) for found, one in zip(tokens, examples, strict=True)]
    labels = {
        field: [states(found, one.brief.get(field, [])) for found, one in zip(tokens, examples, strict=True)]
        for field in FIELDS
    }
    files = sorted({one.file for one in examples})
    apart = {file: number % FOLDS for number, file in enumerate(files)}
    hit, of, extra = Counter[str](), Counter[str](), Counter[str]()
    for fold in range(FOLDS):
        known = [number for number, one in enumerate(examples) if apart[one.file] != fold]
        fields = {f: learn([rows[n] for n in known], [labels[f][n] for n in known]) for f in FIELDS}
        reader = BriefReader.from_json(tree(fields))
        for one in examples:
            if apart[one.file] == fold:
                score(reader, one, hit, of, extra)
    for field in FIELDS:
        print(
            f"{field:13} right {hit[field] / of[field]:.3f} of {of[field]}, {extra[field]} where nothing was said"
        )
    print(f"{'together':13} right {sum(hit.values()) / sum(of.values()):.3f}")
    fields = {field: learn(rows, labels[field]) for field in FIELDS}
    WEIGHTS.write_bytes(gzip.compress(tree(fields), mtime=0))
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.2f} MB from {len(examples)} briefs")


def score(
    reader: BriefReader, one: Example, hit: Counter[str], of: Counter[str], extra: Counter[str]
) -> None:
    """Add up what the reader says of an example."""
    for field, said in reader.read(one.text).items():
        texts = [part.text for part in said]
        if field not in ("deliverables", "constraints") and said:
            texts = [max(said, key=lambda part: part.score).text]
        if wanted := one.brief.get(field):
            of[field] += 1
            hit[field] += bool(texts) and right(texts, wanted)
        else:
            extra[field] += bool(texts)


if __name__ == "__main__":
    main()
