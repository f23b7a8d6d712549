"""
Learn the reader's weights from the bank: `python training/train.py`.

Prints cross-validated figures (each file of the bank tested by what the others taught), then writes
parsers/reader.json.gz; the same bank gives the same bytes. Needs `pip install -e '.[train]'`.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from parsers.reader import (
    VERSION,
    Before,
    Linear,
    Reader,
    asked_features,
    message_features,
    sentence_features,
    sentences_of,
)
from parsers.workspaces import Side

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "parsers" / "reader.json.gz"
THRESHOLD = 0.42
CORE = ("brief", "approval")
SEEN_AT_LEAST = 2  # times, or a feature teaches nothing
WORTH = 0.08  # a weight below does not change a reading


@dataclass(frozen=True)
class Example:
    """A labelled message of the bank."""

    file: str
    text: str
    side: Side
    before: Before | None
    quotes: dict[str, str]  # label to evidence


def load(folder: Path) -> list[Example]:
    """All examples, in the order of the files; the subject counts where nothing came before."""
    examples = []
    for path in sorted(folder.glob("*.jsonl")):
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
            before = Before(own=row["before"], side=Side(row["before_side"])) if row["before"] else None
            text = row["text"] if before or not row["subject"] else f"{row['subject']}\n{row['text']}"
            quotes = {
                one["kind"] + (f"/{one['status']}" if one.get("status") else ""): one["quote"]
                for one in row["signals"]
            }
            examples.append(Example(path.stem, text, Side(row["side"]), before, quotes))
    return examples


def learn(examples: Sequence[Example]) -> Reader:
    """A reader from these examples."""
    agency = [one for one in examples if one.side is Side.AGENCY]
    asked = fit(
        [asked_features(one.text) for one in agency],
        [{"asked"} if "approval/requested" in one.quotes else set() for one in agency],
        strength=8,
    )
    nothing = Linear(labels=(), bias=(), weights={})
    half = Reader(asked=asked, sentence=nothing, message=nothing)
    sentence_rows, sentence_labels, message_rows, message_labels = [], [], [], []
    for one in examples:
        was_asked = half.was_asked(one.before)
        for sentence in sentences_of(one.text):
            sentence_rows.append(sentence_features(sentence, side=one.side, asked=was_asked))
            sentence_labels.append({label for label, quote in one.quotes.items() if shows(sentence, quote)})
        message_rows.append(message_features(one.text, before=one.before, side=one.side, asked=was_asked))
        message_labels.append(set(one.quotes))
    return Reader(
        asked=asked,
        sentence=fit(sentence_rows, sentence_labels, strength=8),
        message=fit(message_rows, message_labels, strength=20),
    )


def shows(sentence: str, quote: str) -> bool:
    """Whether a sentence and a quote share their words: one holds the other, or most of it."""
    one, other = " ".join(sentence.split()).lower(), " ".join(quote.split()).lower()
    if other in one or (one in other and len(one) > 8):
        return True
    first, second = set(one.split()), set(other.split())
    return len(first & second) >= 0.6 * len(second)


def fit(rows: Sequence[dict[str, float]], labels: Sequence[set[str]], *, strength: float) -> Linear:
    """A logistic regression for each label."""
    seen = Counter(name for row in rows for name in row)
    columns = {
        name: at for at, name in enumerate(sorted(one for one, n in seen.items() if n >= SEEN_AT_LEAST))
    }
    data, indices, starts = [], [], [0]
    for row in rows:
        for name in sorted(row):
            if name in columns:
                indices.append(columns[name])
                data.append(row[name])
        starts.append(len(indices))
    matrix = csr_matrix((data, indices, starts), shape=(len(rows), len(columns)))
    kinds = sorted(set().union(*labels))
    bias: list[float] = []
    weights: dict[str, list[tuple[int, float]]] = {name: [] for name in columns}
    for number, kind in enumerate(kinds):
        model = LogisticRegression(C=strength, solver="liblinear", random_state=0, max_iter=200)
        model.fit(matrix, [kind in one for one in labels])
        bias.append(round(float(model.intercept_[0]), 3))
        for name, weight in zip(columns, model.coef_[0], strict=True):
            if abs(weight) >= WORTH:
                weights[name].append((number, round(float(weight), 3)))
    kept = {name: tuple(found) for name, found in weights.items() if found}
    return Linear(labels=tuple(kinds), bias=tuple(bias), weights=kept)


def f1(readings: Sequence[tuple[set[str], set[str]]], only: Sequence[str] | None = None) -> float:
    """Micro F1 of what was said against what was wanted, over all labels or those of some kinds."""
    hit = wrong = 0
    for said, wanted in readings:
        kept = {one for one in said | wanted if only is None or one.split("/")[0] in only}
        hit += len(said & wanted & kept)
        wrong += len((said ^ wanted) & kept)
    return 2 * hit / (2 * hit + wrong) if hit + wrong else 1.0


def readings(reader: Reader, examples: Sequence[Example]) -> list[tuple[set[str], set[str]]]:
    """What the reader says of each example, and what it should."""
    found = []
    for one in examples:
        scores = reader.read(one.text, before=one.before, side=one.side).message
        found.append(({label for label, score in scores.items() if score >= THRESHOLD}, set(one.quotes)))
    return found


def write(reader: Reader, path: Path) -> None:
    """The weights as a file: a feature's as a flat list of label number and thousandths."""

    def tree(linear: Linear) -> dict[str, object]:
        weights = {
            name: [part for label, weight in found for part in (label, round(weight * 1000))]
            for name, found in sorted(linear.weights.items())
        }
        return {"labels": linear.labels, "bias": linear.bias, "weights": weights}

    parts = {name: tree(getattr(reader, name)) for name in ("asked", "sentence", "message")}
    text = json.dumps({"version": VERSION, **parts}, ensure_ascii=False, separators=(",", ":"))
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def main() -> None:
    """Measure, learn from everything, write."""
    ask = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    ask.add_argument("--quick", action="store_true", help="learn and write, without the cross-validation")
    args = ask.parse_args()
    examples = load(HERE / "bank")
    pooled: list[tuple[set[str], set[str]]] = []
    for file in [] if args.quick else sorted({one.file for one in examples}):
        reader = learn([one for one in examples if one.file != file])
        found = readings(reader, [one for one in examples if one.file == file])
        pooled += found
        print(f"{file:10} brief and approval {f1(found, CORE):.3f}   all {f1(found):.3f}", flush=True)
    if pooled:
        print(f"{'together':10} brief and approval {f1(pooled, CORE):.3f}   all {f1(pooled):.3f}")
    write(learn(examples), WEIGHTS)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.2f} MB from {len(examples)} examples")


if __name__ == "__main__":
    main()
