"""Names of companies as compared, and without their legal form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property, lru_cache

from parsers.legal_forms import ANYWHERE, AT_EITHER_END, AT_THE_END

_MARKS = r"[\u0300-\u036f]"  # where a Mac writes "a" and an accent for "à"
_LETTER = rf"[^\W\d_]{_MARKS}*"
# "&"; an abbreviation with dots or a slash, blanks between included ("S. p. A.", "A/S"); a plain word. Marks
# belong to the letter before them.
_ABBREVIATION = rf"&|(?<![^\W_]){_LETTER}(?:[./] ?{_LETTER}(?![^\W_]))+\.?"
_WORD = re.compile(rf"{_ABBREVIATION}|[^\W_]+(?:{_MARKS}+[^\W_]*)*")
# East Asian names have no blank between the name and the form.
_EASTERN_FORM = "|".join(
    "株式会社 有限会社 合同会社 股份有限公司 有限责任公司 有限公司 주식회사 유한회사".split()
)
_HAS_EASTERN_FORM = re.compile(_EASTERN_FORM)
_EASTERN_WORD = re.compile(rf"{_EASTERN_FORM}|{_ABBREVIATION}|(?:(?!{_EASTERN_FORM})[^\W_])+")
# Letters that Unicode does not take apart, as they are written where a keyboard lacks them.
_PLAIN = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ħ": "h"}
)
_PARTNERS = frozenset({"co", "company"})  # behind "and": other people, and so a part of the name
_SAYS_NOTHING = frozenset({"the", "and"})
_OPENING, _CLOSING = "([{<«„“‘\"'", ")]}>»”’\"'!?"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: as compared, and where it stands."""

    key: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text, in order, without accents and case; "&" is "and", "S.p.A." one word. Total."""
    word = _WORD if text.isascii() or not _HAS_EASTERN_FORM.search(text) else _EASTERN_WORD
    found = ((_key(one.group()), one) for one in word.finditer(text))
    return [Word(key, one.start(), one.end()) for key, one in found if key]


def _key(written: str) -> str:
    if written == "&":
        return "and"
    if written.isascii():
        return "".join(c for c in written if c.isalnum()).lower()
    plain = unicodedata.normalize("NFKD", written.casefold().translate(_PLAIN))
    return "".join(c for c in plain if c.isalnum())


Form = tuple[str, ...]


def _forms(table: str) -> frozenset[Form]:
    keys = (tuple(word.key for word in words_of(entry)) for entry in table.split(";"))
    return frozenset(one for one in keys if one)


class _Forms:
    """The legal forms by where they may stand, read when the first name is."""

    @cached_property
    def anywhere(self) -> frozenset[Form]:
        return _forms(ANYWHERE)

    @cached_property
    def before(self) -> frozenset[Form]:
        return self.anywhere | _forms(AT_EITHER_END)

    @cached_property
    def behind(self) -> frozenset[Form]:
        return self.before | _forms(AT_THE_END)

    @cached_property
    def longest(self) -> int:
        return max(len(form) for form in self.behind)

    @cached_property
    def first_words(self) -> frozenset[str]:
        return frozenset(form[0] for form in self.anywhere)


_FORMS = _Forms()


def _kept(keys: Form) -> list[int]:
    """The places of the words that are no legal form; of all of them where there is nothing else."""
    first, behind = 0, len(keys)
    while length := _length_of(keys, behind, _FORMS.behind, backwards=True, room=behind - first):
        behind -= length
    while length := _length_of(keys, first, _FORMS.before, backwards=False, room=behind - first):
        first += length
    places = []
    while first < behind:
        length = 0
        if keys[first] in _FORMS.first_words:
            length = _length_of(keys, first, _FORMS.anywhere, backwards=False, room=behind - first)
        if not length:
            places.append(first)
        first += length or 1
    return places or list(range(len(keys)))


def _length_of(keys: Form, at: int, forms: frozenset[Form], *, backwards: bool, room: int) -> int:
    """How many words the longest legal form has that ends or begins here; 0 where none does."""
    for length in range(min(_FORMS.longest, room), 0, -1):
        if (keys[at - length : at] if backwards else keys[at : at + length]) in forms:
            return length
    return 0


def without_legal_form(name: str) -> str:
    """
    A company's name as written, without its legal form: "Łoś" of "Łoś spółka z o.o.".

    Goes by the legal forms of some fifty countries, before the name, behind it and in it. White space
    is made single; case and punctuation stay. A name that is nothing but legal forms stays whole. Total.
    """
    words = words_of(name)
    places = _kept(tuple(word.key for word in words))
    if len(places) == len(words) or all(words[place].key in _SAYS_NOTHING for place in places):
        return " ".join(name.split())
    while len(places) > 1 and words[places[-1]].key == "and" and places[-1] + 1 < len(words):
        places.pop()  # "Smith &" of "Smith & Co. KG"
    pieces = []
    run = places[0]
    for at, place in enumerate(places):
        is_last = at + 1 == len(places)
        if is_last or places[at + 1] != place + 1:
            pieces.append(_cut(name, words, run, place))
            run = place if is_last else places[at + 1]
    return " ".join(" ".join(pieces).split())


def _cut(text: str, words: list[Word], first: int, last: int) -> str:
    """What stands from one word to another, with the brackets and quotes that belong to them."""
    start, end = words[first].start, words[last].end
    while start > 0 and text[start - 1] in _OPENING:
        start -= 1
    if first == 0:
        start = 0
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    if last == len(words) - 1:
        end = len(text)
    piece = text[start:end]
    return f"{piece})" if piece.count("(") == piece.count(")") + 1 else piece


@lru_cache(maxsize=20_000)
def folded(name: str) -> Form:
    """
    The words of a name as compared: no accents, no case, no legal form, no "the", "&" as "and".

    "& Co." stays: Smith & Co. is not Smith. A name of which nothing else is left keeps its words;
    () where there is no word at all. Total.
    """
    return tuple(word.key for word in telling_words(name))


def telling_words(text: str) -> list[Word]:
    """The words of `folded`, with where they stand. Total."""
    words = words_of(text)
    places = _kept(tuple(word.key for word in words))
    found = [words[place] for place in places if words[place].key != "the"]
    after = words[places[-1] + 1 :] if places else []
    if found and len(after) > 1 and after[0].key == "and" and after[1].key in _PARTNERS:
        found += [after[0], Word("co", after[1].start, after[1].end)]
    return found if any(word.key not in _SAYS_NOTHING for word in found) else words


def unfolded(name: str) -> str:
    """All words of a name run together, with its legal form, as in a domain: "acmecorp" of "Acme Corp". Total."""
    return "".join(word.key for word in words_of(name))


def is_legal_form(word: str) -> bool:
    """Whether a word in small letters is a legal form by itself."""
    return (word,) in _FORMS.behind
