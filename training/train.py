"""
Learn the reader's weights from the bank: `python training/train.py`.

Prints cross-validated figures (each file of the bank tested by what the others taught), then writes
parsers/reader.json.gz; the same bank gives the same bytes. Needs `pip install -e '.[train]'`.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

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
GRID = tuple(round(0.26 + 0.02 * step, 2) for step in range(18))  # below one in four is a guess
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


Reading = tuple[Mapping[str, float], set[str]]  # what was scored, and what should be said


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
    half = Reader(thresholds={}, asked=asked, sentence=nothing, message=nothing)
    sentence_rows, sentence_labels, message_rows, message_labels = [], [], [], []
    for one in examples:
        was_asked = half.was_asked(one.before)
        for sentence in sentences_of(one.text):
            sentence_rows.append(sentence_features(sentence, side=one.side, asked=was_asked))
            sentence_labels.append({label for label, quote in one.quotes.items() if shows(sentence, quote)})
        message_rows.append(message_features(one.text, before=one.before, side=one.side, asked=was_asked))
        message_labels.append(set(one.quotes))
    return Reader(
        thresholds={},
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


def f1(pairs: Sequence[tuple[set[str], set[str]]], only: Sequence[str] | None = None) -> float:
    """Micro F1 of what was said against what was wanted, over all labels or those of some kinds."""
    hit = wrong = 0
    for said, wanted in pairs:
        kept = {one for one in said | wanted if only is None or one.split("/")[0] in only}
        hit += len(said & wanted & kept)
        wrong += len((said ^ wanted) & kept)
    return 2 * hit / (2 * hit + wrong) if hit + wrong else 1.0


def read(reader: Reader, examples: Sequence[Example]) -> list[Reading]:
    """What the reader scores for each example, and what it should say."""
    return [
        (reader.read(one.text, before=one.before, side=one.side).message, set(one.quotes)) for one in examples
    ]


def said(readings: Sequence[Reading], thresholds: Mapping[str, float]) -> list[tuple[set[str], set[str]]]:
    """What is said at these thresholds, and what should be."""
    return [
        ({label for label, score in scores.items() if score >= thresholds[label]}, wanted)
        for scores, wanted in readings
    ]


def best_thresholds(readings: Sequence[Reading]) -> dict[str, float]:
    """For each label the threshold with the best F1 over these (cross-validated) readings."""
    labels = sorted({label for scores, _ in readings for label in scores})

    def at(label: str, threshold: float) -> float:
        return f1(
            [
                ({label} if scores[label] >= threshold else set(), wanted & {label})
                for scores, wanted in readings
            ]
        )

    return {label: max(GRID, key=lambda threshold: at(label, threshold)) for label in labels}


def show(name: str, pairs: Sequence[tuple[set[str], set[str]]]) -> None:
    """A line of figures."""
    print(f"{name:10} brief and approval {f1(pairs, CORE):.3f}   all {f1(pairs):.3f}", flush=True)


def write(reader: Reader, path: Path) -> None:
    """The weights as a file: a feature's as a flat list of label number and thousandths."""

    def tree(linear: Linear) -> dict[str, object]:
        weights = {
            name: [part for label, weight in found for part in (label, round(weight * 1000))]
            for name, found in sorted(linear.weights.items())
        }
        return {"labels": linear.labels, "bias": linear.bias, "weights": weights}

    parts = {name: tree(getattr(reader, name)) for name in ("asked", "sentence", "message")}
    text = json.dumps(
        {"version": VERSION, "thresholds": reader.thresholds, **parts},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def main() -> None:
    """Measure, learn from everything, write."""
    examples = load(HERE / "bank")
    apart: dict[str, list[Reading]] = {}
    for file in sorted({one.file for one in examples}):
        reader = learn([one for one in examples if one.file != file])
        apart[file] = read(reader, [one for one in examples if one.file == file])
    for file, found in apart.items():
        # Thresholds, too, are learned from the other files.
        others = best_thresholds([one for name in apart if name != file for one in apart[name]])
        show(file, said(found, others))
    pooled = [one for found in apart.values() for one in found]
    thresholds = best_thresholds(pooled)
    show("together", said(pooled, thresholds))
    write(replace(learn(examples), thresholds=thresholds), WEIGHTS)
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.2f} MB from {len(examples)} examples")


if __name__ == "__main__":
    with threadpool_limits(1):  # sums that several threads share differ in their last digits
        main()
