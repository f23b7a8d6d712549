"""
Learn the reader's weights from the examples: `python -m training.train`.

Prints cross-validated figures, kind by kind (each hand tested by what the others taught), then writes
parsers/reader.json.gz; the same examples give the same bytes. Needs `pip install -e '.[train]'`.
"""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from parsers.linear import Linear, Weights
from parsers.reader import (
    Reader,
    Threshold,
    asked_features,
    message_features,
    sentence_features,
    sentences_of,
)
from parsers.signals import SAID_BY
from parsers.turns import turn_of
from parsers.workspaces import Side
from training.examples import HERE, Example, load

WEIGHTS = HERE.parent / "parsers" / "reader.json.gz"
FOLDS = 5
CORE = ("brief", "approval")
SEEN_AT_LEAST = 2  # times, or a feature teaches nothing
WORTH = 0.2  # a weight below hardly changes a reading, and weighs in memory
# Of a hundred that are said for sure, so many are right; a wrong yes is far worse than a missed one.
SURE = {"approval/granted": 0.95}
SURE_ELSE = 0.85
# How much a missed one weighs beside a wrong one, where it is said at all (F-beta, squared).
MISSED = {"approval/granted": 0.7}
FEWEST = 20  # sure readings, or a share of them says nothing

Pair = tuple[set[str], set[str]]  # what was said, and what should be
Reading = tuple[Mapping[str, float], set[str]]  # what was scored, and what should be said


def learn(examples: Sequence[Example]) -> Reader:
    """A reader from these examples, without thresholds."""
    agency = [one for one in examples if one.side is Side.AGENCY]
    asked = fit(
        [asked_features(one.text) for one in agency],
        [{"asked"} if "approval/requested" in one.quotes else set() for one in agency],
        strength=8,
    )
    nothing = Linear(labels=(), bias=(), weights=Weights.of({}))
    half = Reader(thresholds={}, asked=asked, sentence=nothing, message=nothing, leaves=nothing)
    sentence_rows, sentence_labels, message_rows, message_labels = [], [], [], []
    for one in examples:
        was_asked = half.was_asked(one.before)
        for sentence in sentences_of(one.text):
            sentence_rows.append(sentence_features(sentence, side=one.side, asked=was_asked))
            sentence_labels.append({label for label, quote in one.quotes.items() if shows(sentence, quote)})
        message_rows.append(message_features(one.text, before=one.before, side=one.side, asked=was_asked))
        message_labels.append(set(one.quotes))
    last = [at for at, one in enumerate(examples) if one.turn and one.side is Side.CLIENT]
    turns = [{str(examples[at].turn)} & {"agency", "client"} for at in last]
    return replace(
        half,
        sentence=fit(sentence_rows, sentence_labels, strength=8),
        message=fit(message_rows, message_labels, strength=20),
        leaves=fit([message_rows[at] for at in last], turns, strength=20),
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
    # What many rows have tells less: the root of the inverse document frequency.
    rows_with = np.asarray((matrix > 0).sum(axis=0)).ravel()
    rarity = np.sqrt(np.log((len(rows) + 1) / (rows_with + 1)))
    rarity /= rarity.mean()
    matrix = (matrix @ diags(rarity)).tocsr()
    matrix.sum_duplicates()
    kinds = sorted(set().union(*labels))
    models = Parallel(-1)(
        delayed(_logistic)(matrix, [kind in one for one in labels], strength) for kind in kinds
    )
    weights: dict[str, list[tuple[int, float]]] = {name: [] for name in columns}
    for number, (coefficients, _) in enumerate(models):
        for name, weight in zip(columns, coefficients * rarity, strict=True):
            if abs(weight) >= WORTH:
                weights[name].append((number, round(float(weight), 2)))
    kept = {name: tuple(found) for name, found in weights.items() if found}
    bias = tuple(round(float(one), 2) for _, one in models)
    return Linear(labels=tuple(kinds), bias=bias, weights=Weights.of(kept))


def _logistic(matrix: csr_matrix, wanted: list[bool], strength: float) -> tuple[np.ndarray, float]:
    with threadpool_limits(1):  # sums that several threads share differ in their last digits
        model = LogisticRegression(C=strength, solver="liblinear", random_state=0, max_iter=200)
        model.fit(matrix, wanted)
    return model.coef_[0], float(model.intercept_[0])


# ---------------------------------------------------------------- thresholds


def thresholds_of(readings: Sequence[Reading]) -> dict[str, Threshold]:
    """For each label what its scores are worth, from where it pays to say it, and from where it is sure."""
    labels = sorted({label for scores, _ in readings for label in scores})
    return {
        label: _threshold(
            [(scores[label], label in wanted) for scores, wanted in readings if label in scores],
            SURE.get(label, SURE_ELSE),
            MISSED.get(label, 1.0),
        )
        for label in labels
    }


def _threshold(scored: Sequence[tuple[float, bool]], share: float, missed: float) -> Threshold:
    odds = [[log(max(score, 1e-9) / max(1 - score, 1e-9))] for score, _ in scored]
    model = LogisticRegression(C=1e6).fit(odds, [wanted for _, wanted in scored])
    slope, shift = (round(float(one), 3) for one in (model.coef_[0][0], model.intercept_[0]))
    worth = Threshold(said=0, sure=0, slope=slope, shift=shift)
    likely = sorted(((worth.likelihood(score), wanted) for score, wanted in scored), reverse=True)
    there = sum(wanted for _, wanted in likely)
    right, best, said, sure = 0, 0.0, 1.0, 1.0
    for count, (one, wanted) in enumerate(likely, 1):
        right += wanted
        if right / (count + missed * there) > best:
            best, said = right / (count + missed * there), one
        if count >= FEWEST and right >= share * count:
            sure = one
    return replace(worth, said=round(said, 4), sure=round(max(said, sure), 4))


# ---------------------------------------------------------------- figures


def f1(pairs: Sequence[Pair], only: Sequence[str] | None = None) -> float:
    """Micro F1 of what was said against what was wanted, over all labels or those of some kinds."""
    hit = wrong = 0
    for said, wanted in pairs:
        kept = {one for one in said | wanted if only is None or one.split("/")[0] in only}
        hit += len(said & wanted & kept)
        wrong += len((said ^ wanted) & kept)
    return 2 * hit / (2 * hit + wrong) if hit + wrong else 1.0


def read(reader: Reader, examples: Sequence[Example]) -> list[Reading]:
    """What the reader scores for each example, as far as its side can say it, and what it should say."""
    return [
        (
            {
                label: score
                for label, score in reader.read(one.text, before=one.before, side=one.side).message.items()
                if label in SAID_BY[one.side]
            },
            set(one.quotes),
        )
        for one in examples
    ]


def said(readings: Sequence[Reading], thresholds: Mapping[str, Threshold]) -> list[Pair]:
    """What is said at these thresholds, and what should be."""
    return [
        (
            {
                label
                for label, score in scores.items()
                if thresholds[label].likelihood(score) >= thresholds[label].said
            },
            wanted,
        )
        for scores, wanted in readings
    ]


def show(name: str, pairs: Sequence[Pair]) -> None:
    """A line of figures."""
    print(f"{name:10} brief and approval {f1(pairs, CORE):.3f}   all {f1(pairs):.3f}", flush=True)


def show_kinds(readings: Sequence[Reading], thresholds: Mapping[str, Threshold]) -> None:
    """A line for each label: how well it is said, and from where and how often it is sure."""
    pairs = said(readings, thresholds)
    for label, threshold in thresholds.items():
        hit = sum(label in one and label in wanted for one, wanted in pairs)
        of_said = sum(label in one for one, _ in pairs)
        of_wanted = sum(label in wanted for _, wanted in pairs)
        sure = [
            (label in wanted)
            for scores, wanted in readings
            if threshold.likelihood(scores.get(label, 0.0)) >= threshold.sure
        ]
        print(
            f"  {label:21} precision {hit / max(1, of_said):.3f} recall {hit / max(1, of_wanted):.3f}"
            f" F1 {2 * hit / max(1, of_said + of_wanted):.3f} of {of_wanted}, said from {threshold.said:.2f};"
            f" sure from {threshold.sure:.3f}: {sum(sure)} of {len(sure)} right"
        )


def show_calibration(readings: Sequence[Reading], thresholds: Mapping[str, Threshold]) -> None:
    """Of what was likely by so much, how much was so."""
    likely = [
        (thresholds[label].likelihood(score), label in wanted)
        for scores, wanted in readings
        for label, score in scores.items()
    ]
    for tenth in range(1, 10):
        found = [wanted for one, wanted in likely if tenth <= 10 * one < tenth + 1]
        print(
            f"  likely by {tenth / 10:.1f} to {(tenth + 1) / 10:.1f}: {sum(found) / len(found):.2f} of {len(found)} are so"
        )


def write(reader: Reader) -> None:
    """The weights as a file."""
    WEIGHTS.write_bytes(gzip.compress(reader.to_json().encode(), mtime=0))


def folds(examples: Sequence[Example]) -> dict[str, int]:
    """The fold of each file, the folds about as large as each other."""
    sizes = Counter(one.file for one in examples)
    filled = [0] * FOLDS
    found = {}
    for file, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0])):
        found[file] = filled.index(min(filled))
        filled[found[file]] += size
    return found


def main() -> None:
    """Measure, learn from everything, write."""
    examples = load()
    fold = folds(examples)
    apart: dict[str, list[Reading]] = {}
    turns: list[bool] = []
    for number in range(FOLDS):
        reader = learn([one for one in examples if fold[one.file] != number])
        for file in sorted(one for one in fold if fold[one] == number):
            apart[file] = read(reader, [one for one in examples if one.file == file])
        turns += [
            turn_of(one.text, before=one.before, reader=reader) == one.turn
            for one in examples
            if fold[one.file] == number and one.turn and one.side is Side.CLIENT
        ]
    # Whole threads have the mix of a real inbox; the bank's single messages have more of what is rare.
    natural = sorted({one.file for one in examples if one.thread})
    for file, found in sorted(apart.items()):
        others = [one for name in natural if fold[name] != fold[file] for one in apart[name]]
        show(file, said(found, thresholds_of(others)))
    readings = [one for name in natural for one in apart[name]]
    thresholds = thresholds_of(readings)
    show("together", said([one for found in apart.values() for one in found], thresholds))
    show("threads", said(readings, thresholds))
    show_kinds(readings, thresholds)
    show_calibration(readings, thresholds)
    print(f"whose turn a client's last words leave it: {sum(turns) / len(turns):.3f} of {len(turns)} right")
    write(replace(learn(examples), thresholds=thresholds))
    print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size / 1e6:.2f} MB from {len(examples)} examples")


if __name__ == "__main__":
    main()
