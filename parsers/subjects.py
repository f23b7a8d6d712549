"""What a subject is about, beneath what mail clients, gateways and machines put around it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from parsers import subject_words as words
from parsers.automation_words import AUTO_REPLY_SUBJECT, TICKET_NUMBER
from parsers.bounces import is_bounce
from parsers.quote_words import BANNER_TAG

# "Ref: Spring" is Lotus Notes' reply; "Ref: 1042" is a person's own number, and without it says nothing.
_PREFIX = re.compile(
    rf"(?:(?:{words.ANSWERED_OR_PASSED_ON}){words.COUNTED}|r[eé]f{words.COUNTED}(?!\W{{0,3}}[\w/-]{{0,12}}\d)) ?",
    re.I,
)
# A gateway's or a list's tag ("[EXTERNAL]", "[Ticket #48213]"): RFC 5256's subj-blob.
_BLOB = re.compile(r"\[[^\[\]]{0,80}\]:? ?")
_GATEWAY = re.compile(r"EXT(?:ERNAL)? ?: ?")  # without brackets they write it so; in small letters people do
_TRAILER = re.compile(r"\(fwd\)", re.I)
_WRAPPED = re.compile(r"\[ ?fwd? ?: ?", re.I)  # Netscape's "[Fwd: …]"
# Marks of direction and width that Hebrew, Arabic and web mailers leave in.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseSubject:
    """A subject without what mail clients put around it (RFC 5256 §2.1)."""

    text: str  # lower case, blanks folded, full-width letters narrowed; "" where nothing is left
    is_reply: bool  # a mail client's mark of a reply or forward stood around it


@lru_cache(maxsize=20_000)
def base_subject(subject: str) -> BaseSubject:
    """
    What a subject is about, and whether it says that it answers or forwards.

    Total, and linear. A subject that is nothing but prefixes has the text "".

    Source: RFC 5256 §2.1. Beyond it: the prefixes of other languages, counts ("Re(2):", "Re^2:"), and
    gateways' tags without brackets.
    """
    text = " ".join(unicodedata.normalize("NFKC", _UNSEEN.sub("", subject)).split())
    start, end = 0, len(text)
    is_reply = False
    while start < end:
        if text[end - 1] == " ":
            end -= 1
        elif _TRAILER.fullmatch(text, max(start, end - len("(fwd)")), end):
            is_reply, end = True, end - len("(fwd)")
        elif prefix := _PREFIX.match(text, start, end):
            is_reply, start = True, prefix.end()
        elif tag := _tag(text, start, end):
            start = tag
        elif text[end - 1] == "]" and (wrapped := _WRAPPED.match(text, start, end - 1)):
            is_reply, start, end = True, wrapped.end(), end - 1
        else:
            break
    return BaseSubject(text=text[start:end].lower(), is_reply=is_reply)


def _tag(text: str, start: int, end: int) -> int | None:
    """Where a tag before a subject ends; None where there is none, or nothing behind it."""
    for kind in (_BLOB, BANNER_TAG, _GATEWAY):
        if (found := kind.match(text, start, end)) and found.end() < end:
            return found.end()
    return None


# ---------------------------------------------------------------------------------------------- generic
_LONGEST = 80  # characters: who writes more says something
_BARE_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d"})  # Unicode sees no accent in them


def _plain(text: str) -> str:
    """A text without case and accents."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return unicodedata.normalize("NFC", bare).translate(_BARE_LETTERS)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _plain(text))


_NOTHING = frozenset(" ".join(_words(one)) for one in words.NO_SUBJECT.split(","))
_DATED = frozenset(_words(" ".join(words.DATE_WORDS)))
_GENERIC = frozenset(_words(" ".join(words.GENERIC.values()))) | _DATED
_NUMBERED = frozenset(_words(" ".join(words.NUMBERED)))
# The longest first and nothing given back, so that it stays linear.
_UNPARTED = "|".join(sorted({_plain(one) for one in words.GENERIC_UNPARTED}, key=len, reverse=True))
_GENERIC_UNPARTED = re.compile(rf"(?:{_UNPARTED})++")
_DENSE = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")  # Thai, kana, Chinese, Korean
_MONTH = r"(?:" + "|".join(sorted((one for one in _DATED if len(one) > 2), key=len, reverse=True)) + ")"
_DATE = re.compile(
    r"(?<!\w)(?:\d{4}([./-])\d{1,2}(?:\1\d{1,2})?|\d{1,2}([./-])\d{1,2}(?:\2(?:\d{4}|\d{2}))?|\d{1,2}[./-](?:19|20)\d\d"
    rf"|\d{{1,2}}(?:\.|st|nd|rd|th)? ?(?:(?:de|di|of) )?{_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?"
    r"|\d{1,2}[:h]\d{2}|\d{1,2} ?(?:am|pm|h|uhr)|q[1-4]|(?:kw|week|woche|semaine|semana|vecka|uge|uke) ?\d{1,2}|(?:19|20)\d\d"
    r")(?!\w)|(?:\d{1,4} ?[年月日년월일] ?)+"
)


@lru_cache(maxsize=2_000)
def is_generic(base: str) -> bool:
    """
    Whether a base subject says so little that any two strangers' mails may share it.

    "Update", "quick question", "Rechnung", also with a date ("weekly update 12 nov"), whatever the case,
    the accents and the punctuation; one word under three letters; no letters at all; "(no subject)". A
    number of a paper's own, or one of three digits, names something ("invoice 1042"), and so does any
    word that we do not know. Takes `BaseSubject.text`. Total.
    """
    plain = _plain(base[: _LONGEST + 1])
    if not any(one.isalpha() for one in plain) or " ".join(_words(plain)) in _NOTHING:
        return True
    if len(base) > _LONGEST:
        return False
    found = re.findall(r"[^\W_]+", _DATE.sub(" ", plain))
    numbers = [one for one in found if one.isdigit()]
    said = [one for one in found if not one.isdigit()]
    if any(len(one) > 2 for one in numbers) or (numbers and not _NUMBERED.isdisjoint(said)):
        return False
    return _is_short(said) or all(one in _GENERIC or _GENERIC_UNPARTED.fullmatch(one) for one in said)


def _is_short(said: list[str]) -> bool:
    """Whether it is one very short word: a sign of a dense script is worth two letters."""
    return len(said) == 1 and len(said[0]) < (2 if _DENSE.fullmatch(said[0]) else 3)


# ---------------------------------------------------------------------------------------------- renamed
_COMPARED_CHARS = 400
_FORMERLY = r"(?:was|war|vormals|anciennement|antes|era|före|tidligere|ex|было) ?[:：]"
_WAS = re.compile(rf"\b{_FORMERLY}")
_ANY_BLOB = re.compile(rf"\[(?! ?{_FORMERLY})[^\[\]]{{0,80}}\]")
# What a person adds to the same piece of work: "v2", "final".
_STATE = re.compile(
    r"\b(?:v|ver|versi[oó]n|versione|versão|rev|round|take) ?\d{1,3}(?:\.\d{1,3})?\b|\b(?:finale?s?|draft|entwurf|brouillon|borrador|bozza|rascunho)\b"
)


def is_new_subject(subject: str, before: str) -> bool:
    """
    Whether a reply to a mail with the subject `before` was given a new subject.

    No, where both have the same base subject, one contains the other ("Spring layouts - final v2"), the
    new one names the old ("Autumn (was: Spring layouts)"), or there is none; nor where only punctuation,
    case, accents, a version, a ticket's number or a gateway's tag differ. Calendars, mail servers and
    absent people's machines put their words before the old subject or in its place: they change
    nothing. Total.
    """
    subject, before = subject[:_COMPARED_CHARS], before[:_COMPARED_CHARS]
    new, old = base_subject(subject).text, base_subject(before).text
    by_machine = AUTO_REPLY_SUBJECT.match(subject) or is_bounce(subject, "", has_author=True)
    if by_machine or _same(_kernel(new), _kernel(old)):
        return False
    if not (was := list(_WAS.finditer(new))):
        return True
    named = _compared(base_subject(new[was[-1].end() :].rstrip(".… )]")).text)
    return not (named and (_same(named, _kernel(old)) or _compared(old).startswith(named)))  # or cut short


def _same(new: str, old: str) -> bool:
    """Whether one contains the other, in whole words; where words have no blanks between them, anywhere."""
    shorter, longer = sorted((new, old), key=len)
    if not shorter or _DENSE.search(shorter):
        return shorter in longer
    return f" {shorter} " in f" {longer} "


def _kernel(base: str) -> str:
    """A base subject as compared, without tags, tickets' numbers and versions, if anything else is left."""
    untagged = TICKET_NUMBER.sub(" ", _ANY_BLOB.sub(" ", base))
    for text in (_STATE.sub(" ", untagged), untagged, base):
        if found := _compared(text):
            return found
    return ""


def _compared(base: str) -> str:
    """The words of a text, without case and accents; "" where it says that there is no subject."""
    found = " ".join(_words(base))
    return "" if found in _NOTHING else found
