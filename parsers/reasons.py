"""Why the reader says what it says: the words that weighed most, for and against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from parsers.linear import Linear
from parsers.reader import Before, Reader, message_features, sentence_features, sentences_of
from parsers.workspaces import Side

_SHOWN = 4
_WORTH = 0.05  # of the odds (as a logarithm): less says nothing
_CIRCUMSTANCES = {
    "= client asked True": "it answers a request for a decision",
    "= client asked False": "nothing was asked just before",
    "= agency question True": "it asks something",
    "= client question True": "it asks something",
    "= length 4": "it is a few words long",
    "= length 99": "it is a long mail",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """What spoke for a label and what against it, the weightiest first, in words."""

    speak_for: tuple[str, ...]
    against: tuple[str, ...]


def reasons_of(text: str, label: str, *, before: Before | None, side: Side, reader: Reader) -> Reasons:
    """
    What in these words, and in those before them, weighed for and against a label. Total.

    The message as a whole counts, and the sentence that shows the label best, as in `Reader.read`.
    """
    asked = reader.was_asked(before)
    weighed: dict[str, float] = {}
    whole = message_features(text, before=before, side=side, asked=asked)
    _weigh(weighed, whole, reader.message, label)
    sentences = [sentence_features(one, side=side, asked=asked) for one in sentences_of(text)]
    best = max(sentences, key=lambda one: reader.sentence.score(one).get(label, 0.0), default={})
    _weigh(weighed, best, reader.sentence, label)
    ordered = sorted(weighed.items(), key=lambda one: (-abs(one[1]), one[0]))
    return Reasons(
        speak_for=_first(name for name, weight in ordered if weight >= _WORTH),
        against=_first(name for name, weight in ordered if weight <= -_WORTH),
    )


def _first(names: Iterable[str]) -> tuple[str, ...]:
    """The first few, none of them part of another."""
    found: list[str] = []
    for name in names:
        if len(found) < _SHOWN and not any(name.strip("“”") in one for one in found):
            found.append(name)
    return tuple(found)


def _weigh(weighed: dict[str, float], features: Mapping[str, float], model: Linear, label: str) -> None:
    """Add what each feature gives to the odds of a label, under the name that people read."""
    if label not in model.labels:
        return
    number = model.labels.index(label)
    for feature, value in features.items():
        name = _name(feature)
        if name is None:
            continue
        for at, weight in model.weights.get(feature, ()):
            if at == number:
                weighed[name] = weighed.get(name, 0.0) + weight * value


def _name(feature: str) -> str | None:
    """The words of a feature as people read them; None for what tells people nothing, as parts of words."""
    if feature.startswith("= "):
        return _CIRCUMSTANCES.get(feature)
    if feature.startswith("~"):
        return None
    if feature.startswith("<"):
        side, _, gram = feature[1:].partition(" ")
        return f"{_gram(gram)}, which the {side} wrote before"
    return _gram(feature.rpartition("|")[2])


def _gram(gram: str) -> str:
    """A word or two; "^" and "$" are the text's ends, "0" is any number."""
    words = gram.removeprefix("^ ").removesuffix(" $")
    return f"“{' '.join('#' if word == '0' else word for word in words.split())}”"
