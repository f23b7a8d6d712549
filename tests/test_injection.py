"""Whatever a mail says, a letter of ours has our elements, our links and our fields only."""

from __future__ import annotations

import unicodedata
from email import message_from_bytes
from email.policy import SMTP

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.store import Letter
from tests.sample_letters import full_digest
from tests.test_letters import Page, assert_fit_for_the_wire, digest_of, text_of

HOSTILE = [
    "<b>", "</td></table>", "</style>", "<style>*{}", "<script>", "<!--", "-->", "<![if IE]>", "<!--[if mso]>", "{{ 7 }}", "{% x %}", "{#",
    "javascript:alert(1)", "https://x.example/a", "www.x.example", "dana@x.example", "url(https://x.example)", "@import", "expression(", "&lt;", "&#60;",
    '"', "'", "=?utf-8?q?=0D=0ABcc:_x@x.example?=", "\r\nBcc: x@x.example", "\n\n", "\0", "\x1b[31m", "\x85", "\u2028", "\u202e", "\u2066",
    "\U000e0067", "\u200b", "\udc80", "a" * 1_200, "á" + "\u0301" * 9, "漢", "😀", " ",
]  # fmt: skip
words = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), min_size=1, max_size=6).map(
    "".join
)


def said_by(letter: Letter) -> tuple[list[str], Page]:
    return message_from_bytes(letter.content, policy=SMTP).keys(), Page(letter)


def shape(page: Page) -> list[tuple[str, list[str]]]:
    """The elements of a page, with the names of their attributes."""
    return [(tag, sorted(attributes)) for tag, attributes in page.elements]


@pytest.mark.promise("P15")
@pytest.mark.pitfall("ggrc-core#9154", "CERTCC/VINCE#63", "itop-jb-mail#211")
@pytest.mark.pitfall("cpython#121650", "CVE-2024-6923", "cpython#144125", "cpython#83254")
@given(words, words)
@example("=?utf-8?q?=0D=0ABcc:_x@x.example?=", "\r\n\r\n<img src=https://x.example>")
@settings(max_examples=25, deadline=None)
def test_a_letter_is_ours_whatever_it_quotes(name: str, said: str) -> None:
    """Names and words of others add no field, element, attribute, rule or link, no control character, and no long line."""
    letter, calm = (
        digest_of(full_digest(name=f"A{one}", who=f"B{one}", words=f"C{two}"))
        for one, two in ((name, said), ("calm", "calm"))
    )
    fields, page = said_by(letter)
    calm_fields, calm_page = said_by(calm)

    assert_fit_for_the_wire(letter)
    assert fields == calm_fields
    assert shape(page) == shape(calm_page)
    assert page.rules == calm_page.rules
    assert all(link.startswith("mailto:practiq@northlight.example?") for link in page.links)
    kinds = {unicodedata.category(c) for c in text_of(letter) if c not in "\n\u200c\u200d"}
    assert not kinds & {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
