"""Every letter holds in a real browser: on a phone and on a wide screen, light and dark, with its style sheets and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from itertools import product
from pathlib import Path

import pytest

from parsers.digest import Item
from service.letters import Result
from service.store import Letter
from tests.agency import DANA, mail
from tests.browser import Browser, without_styles
from tests.labelled import MANAGERS, labelled_digests, labelled_page
from tests.mornings import days
from tests.sample_letters import (
    ITEM,
    LATER,
    QUIET,
    REFUSED,
    SNOOZED,
    answer_of,
    crowded_digest,
    digest_of,
    full_digest,
    notice_of,
    numbered,
)

pytestmark = pytest.mark.one_database("it is about what a browser shows")

WIDTHS = (320, 600, 1200)
HEBREW = "בבקשה לעצור את ההדפסה עד שנאשר את הטקסט, 3 עותקים בלבד"
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 4


def page_of(letter: Letter) -> str:
    mail = message_from_bytes(letter.content, _class=EmailMessage, policy=SMTP)
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def faults_of(browser: Browser, page: str) -> list[str]:
    """What is wrong with a page in any window, each fault with the window that shows it."""
    return [
        f"{width} px, {'dark' if dark else 'light'}, {'styled' if styled else 'bare'}: {fault}"
        for width, dark, styled in product(WIDTHS, (False, True), (True, False))
        for fault in browser.faults(page if styled else without_styles(page), width=width, dark=dark)
    ]


# ---------------------------------------------------------------- what is sent


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The digests of the labelled mailbox, as the command shows them."""
    return labelled_digests(tmp_path_factory.mktemp("layout"))


@pytest.mark.parametrize("name", MANAGERS)
def test_digest_of_the_labelled_mailbox_holds(
    browser: Browser, digest: Callable[[str], str], name: str
) -> None:
    """The digest of each of its account managers has items and ready replies, and no fault in any window."""
    page = digest(name)

    assert page.count('class="ready"') >= 16
    assert faults_of(browser, page) == []


@pytest.mark.parametrize("client", ["Kestrel Robotics", "Casa Robledo Foods"])
def test_page_of_a_client_holds(browser: Browser, tmp_path: Path, client: str) -> None:
    """A client's live page, as the command shows it, has all its sections, and no fault in any window."""
    page = labelled_page(tmp_path, client)

    assert page.count("<h2") >= 4
    assert faults_of(browser, page) == []


def test_what_replies_bring_holds(browser: Browser, tmp_path: Path) -> None:
    """The answers of a real reply, a client's page, its approvals and what was listed among them, have no fault."""
    asks = [mail(DANA, "Approved, please print it.", subject=f"Proof {n}") for n in range(15)]
    with days(tmp_path) as practiq:
        practiq.comes(*asks)
        digest = practiq.morning("2026-11-11T08:00:00-05:00")
        practiq.reply(digest, "snooze 1 until Friday")
        sent = practiq.reply(
            digest,
            "workspace Acme Corp\napprovals Acme Corp\nwhy 2\nmore\nsnoozed\nhandover Acme Corp to Sam",
        )

    assert len(sent) == 2
    for letter in sent:
        assert "Approved, please print it." in letter.page
        assert faults_of(browser, letter.page) == []


def asked(clause: str, *items: Item) -> Result:
    return Result(clause=clause, text="There they are.", obeyed=True, items=items)


LETTERS = {
    "every section": lambda: digest_of(full_digest(), late=True),
    "names without a blank": lambda: digest_of(
        full_digest(name=UNBROKEN[:100], who=UNBROKEN, words=UNBROKEN + UNBROKEN)
    ),
    "capitals without a blank": lambda: digest_of(full_digest(name="W" * 100, who="M" * 100, words="W" * 300)),
    "right to left": lambda: digest_of(full_digest(name="חברת הפרסום", who="דנה רויז", words=HEBREW)),
    "emoji and other scripts": lambda: digest_of(
        full_digest(name="🎨 工作室", who="Zoë 👩‍🎨", words="😀" * 40 + " 承認しました。ありがとうございます。")
    ),
    "an address as long as a line": lambda: digest_of(
        full_digest(words="https://files.acme.example/" + "a/b-c_d." * 30)
    ),
    "as much as there can be": lambda: digest_of(crowded_digest("words ")),
    "replies not obeyed": lambda: digest_of(full_digest(), off="Replies are not obeyed: name your mail server."),
    "a quiet day": lambda: digest_of(QUIET),
    "a quiet day with something snoozed": lambda: digest_of(
        replace(QUIET, snoozed=2, snoozed_pressing=("Acme Corp",))
    ),
    "an acknowledgement with help": lambda: answer_of(
        SNOOZED, REFUSED, helped=True, unverified=True, undoable=True
    ),
    "an acknowledgement of nothing": lambda: answer_of(helped=True),
    "what was asked for": lambda: answer_of(
        asked("more", *numbered(replace(QUIET, items=full_digest().items)).items),
        asked("snoozed", replace(ITEM, number=30, back=LATER), replace(ITEM, number=188)),
        Result(clause="why 2", text="It asks to stop.", obeyed=True, lines=(UNBROKEN, "Two.")),
    ),
    "a notice": lambda: notice_of("Sam Ode gave you an item", f"Globex: {UNBROKEN}", "See your next digest."),
}  # fmt: skip


@pytest.mark.parametrize("name", LETTERS)
def test_letter_holds(browser: Browser, name: str) -> None:
    """Nothing overflows, is cut off, hard to read or hard to tap, whatever a letter says."""
    assert faults_of(browser, page_of(LETTERS[name]())) == []


@pytest.mark.parametrize("width", [360, 375, 390, 414])
def test_ready_replies_stand_in_one_row_on_a_phone(browser: Browser, width: int) -> None:
    """An item's four ready replies take one row of a phone's width, not two."""
    rows = browser.ask(
        page_of(digest_of(full_digest())),
        "() => [...document.querySelectorAll('td.links')].map((row) => row.getBoundingClientRect().height)",
        width=width,
    )

    assert isinstance(rows, list)
    assert len(rows) == 10
    assert max(rows) < 80


@pytest.mark.parametrize(("dark", "light"), [(False, True), (True, False)])
def test_the_page_is_as_light_as_its_reader_wants(browser: Browser, dark: bool, light: bool) -> None:
    """Page and sheet are dark where the reader's screen is, else light."""
    grounds = browser.ask(
        page_of(digest_of(full_digest())),
        "() => ['body', '.page', '.sheet'].map((one) =>"
        " Number(getComputedStyle(document.querySelector(one)).backgroundColor.match(/[0-9]+/)[0]))",
        width=600,
        dark=dark,
    )

    assert isinstance(grounds, list)
    assert [one > 127 for one in grounds] == [light] * 3


# ---------------------------------------------------------------- the checks can fail

SOUND = (
    '<!DOCTYPE html><html lang="en"><head><title>t</title></head><body style="background: #fff; color: #222; margin: 8px">'
    '<h1>One</h1><table role="presentation"><tr><td class="number">1</td><td><b>Acme</b> Stop work</td></tr></table>'
    '<a href="mailto:a@b.example" style="color: #145; display: inline-block; padding: 12px">Done</a></body></html>'
)
BROKEN = {  # what is wrong: in what a sound page has, what stands there instead, and what is said of it
    "a wide word": ("Stop work", "W" * 60, "scrolls sideways"),
    "a wide box": ("<h1>", '<div style="width: 700px">x</div><h1>', "beyond the window: <div>"),
    "a box to the left": ("<h1>", '<div style="margin-left: -40px">x</div><h1>', "beyond the window: <div>"),
    "cut off": ("<h1>", '<div style="width: 90px; overflow: hidden; white-space: nowrap">much too long for it</div><h1>', "cut off"),
    "words out of their cell": ("<b>Acme", '<b style="margin-left: -30px">Acme', "beyond its cell"),
    "words over words": ("</table>", '</table><p style="margin: -60px 0 0">On top of it</p>', "words over words"),
    "pale": ("color: #222", "color: #999", "contrast 2.85: <h1>"),
    "pale on a panel": ("<h1>One", '<h1 style="background: #555">One', "contrast"),
    "see-through": ("<h1>One", '<h1><span style="color: rgba(0, 0, 0, 0.4)">One</span>', "contrast"),
    "faded": ("<b>Acme", '<b style="opacity: 0.5">Acme', "cannot be seen"),
    "hidden": ("Stop work", '<span style="display: none">Stop work</span>', "cannot be seen"),
    "no ground": ("background: #fff; ", "", "no background of its own"),
    "small print": ("<b>Acme", '<b style="font-size: 9px">Acme', "letters of 9px"),
    "dark only": ("</head>", "<style>@media (prefers-color-scheme: dark) { body { background: #111 !important } }</style></head>", "320 px, dark, styled: contrast"),
    "styles only": ("color: #222", "", "bare: contrast"),
    "link without words": (">Done</a>", "></a>", "link without words"),
    "link with another name": (">Done</a>", ' aria-label="Item 2">Done</a>', "whose name is not its words"),
    "link to the web": ("mailto:a@b.example", "https://b.example", "leads elsewhere"),
    "link without a target": ('href="mailto:a@b.example" ', "", "leads elsewhere"),
    "two alike": ("</body>", '<p><a href="mailto:c@d.example" style="color: #145; display: inline-block; padding: 12px">Done</a></p></body>', "two links of one name"),
    "small target": ("padding: 12px", "padding: 3px", "too small to tap"),
    "links over links": ("</body>", '<a href="mailto:c@d.example" style="color: #145; display: inline-block; padding: 12px; margin-left: -20px">No</a></body>', "links over links"),
    "no h1": ("<h1>One</h1>", "", "not one h1"),
    "two h1": ("<h1>One</h1>", "<h1>One</h1><h1>Two</h1>", "not one h1"),
    "a level left out": ("<h1>One</h1>", "<h1>One</h1><h3>Two</h3>", "h3 under h1"),
    "no language": (' lang="en"', "", "no language"),
    "no title": ("<title>t</title>", "", "no title"),
    "client below its number": ("<b>Acme", "<br><b>Acme", "on two lines"),
    "no client": ("<b>Acme</b>", "Acme", "on two lines"),
    "a table of its own": (' role="presentation"', "", "neither layout"),
}  # fmt: skip


def test_sound_page_has_no_fault(browser: Browser) -> None:
    """What the broken pages are made of has nothing wrong with it."""
    page = SOUND.replace("</head>", "<style>h1 { font-size: 20px }</style></head>")

    assert faults_of(browser, page) == []


@pytest.mark.parametrize("name", BROKEN)
def test_check_finds_what_is_broken(browser: Browser, name: str) -> None:
    """Each check finds the one thing that is wrong with a page."""
    sound, broken, said = BROKEN[name]
    page = SOUND.replace(sound, broken, 1)
    if name == "styles only":
        page = page.replace("</head>", "<style>body { color: #222 } h1 { color: #222 }</style></head>").replace("background: #fff", "background: #333")  # fmt: skip
        page = page.replace("#222 }", "#eee }").replace("color: #145", "color: #cde")

    assert page != SOUND
    assert any(said in fault for fault in faults_of(browser, page)), faults_of(browser, page)
