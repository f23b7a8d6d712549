"""The author's own words, whatever mail client laid them out."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parsers.body import split_body
from parsers.html import text_of
from tests.layouts import ATTRIBUTIONS, HTML, OUTLOOKS, TEXT, UNMARKED, header_block, marked

OWN = "Approved, thanks.\n\nPlease print on Monday, and call me.\nDana"
QUOTED = "Hi Dana,\n\nHere are the layouts. Is that a yes?\n\nMaya"
SAYS_TOO_LITTLE = {"thunderbird old", "gnus", "pine"}  # without quote marks below it


def own_of(text: str) -> str:
    return split_body(text).own


def flat(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------- quotes


@pytest.mark.parametrize("client", ATTRIBUTIONS)
def test_marked_quotes(client: str) -> None:
    """Above, below, between, wrapped, without a blank line: what stands between quote marks is own, and nothing else."""
    attribution = ATTRIBUTIONS[client]
    wrapped = attribution if "\n" in attribution else "\n".join(textwrap.wrap(attribution, 60))
    first, second = OWN.split("\n\n")
    asked, rest = QUOTED.split("\n\n", 1)

    assert own_of(f"{OWN}\n\n{attribution}\n{marked(QUOTED)}") == OWN
    assert own_of(f"{OWN}\n{attribution}\n\n{marked(QUOTED)}") == OWN
    assert own_of(f"{OWN}\n\n{wrapped}\n{marked(QUOTED)}\n") == OWN
    assert own_of(f"{attribution}\n{marked(QUOTED)}\n\n{OWN}") == OWN
    assert own_of(f"{attribution}\n{marked(asked)}\n\n{first}\n\n{marked(rest)}\n\n{second}") == OWN


@pytest.mark.parametrize("client", sorted(ATTRIBUTIONS.keys() - SAYS_TOO_LITTLE))
def test_unmarked_quotes(client: str) -> None:
    """An attribution with an address, a time or a date is one without quote marks, too: all below it is quoted."""
    assert own_of(f"{OWN}\n\n{ATTRIBUTIONS[client]}\n\n{QUOTED}") == OWN


@pytest.mark.parametrize("client", UNMARKED)
def test_quotes_of_clients_that_mark_none(client: str) -> None:
    """Yahoo, Zoho, Notes, Samsung and their like begin a quote with a line, and mark nothing."""
    assert own_of(f"{OWN}\n\n{UNMARKED[client]}\n{QUOTED}") == OWN


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("address", [False, True])
@pytest.mark.parametrize("language", OUTLOOKS)
def test_header_blocks(language: str, *, address: bool, bold: bool) -> None:
    """Outlook's block in each language, below any divider or none, with the author's address or the name alone."""
    outlook = OUTLOOKS[language]
    block = header_block(language, bold=bold, address=address)
    rules = (
        "",
        "________________________________\n",
        f"-----{outlook.original}-----\n",
        f"---------- {outlook.forwarded} ---------\n",
    )

    assert [rule for rule in rules if own_of(f"{OWN}\n\n{rule}{block}\n\n{QUOTED}") != OWN] == []


@pytest.mark.parametrize("client", HTML)
def test_html_replies(client: str) -> None:
    """Each client's HTML gives the author's words, and nothing of what they answer."""
    assert flat(own_of(text_of(HTML[client](OWN, QUOTED)))) == flat(OWN)


@given(text=TEXT, client=st.sampled_from(sorted(ATTRIBUTIONS)), below=st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_words_come_back_from_a_marked_reply(text: str, client: str, *, below: bool) -> None:
    """Whatever somebody writes above or below a quote is what we read."""
    quote = f"{ATTRIBUTIONS[client]}\n{marked(QUOTED)}"
    parts = [quote, text] if below else [text, quote]

    assert own_of("\n\n".join(parts)) == text


@given(text=TEXT, language=st.sampled_from(sorted(OUTLOOKS)))
@settings(max_examples=200, deadline=None)
def test_any_words_come_back_from_outlook(text: str, language: str) -> None:
    """Whatever somebody writes above a header block is what we read."""
    assert own_of(f"{text}\n\n{header_block(language)}\n\n{QUOTED}") == text


@given(text=TEXT, client=st.sampled_from(sorted(HTML)))
@settings(max_examples=200, deadline=None)
def test_any_words_come_back_from_html(text: str, client: str) -> None:
    """Whatever somebody writes in HTML is what we read, up to blanks."""
    assert flat(own_of(text_of(HTML[client](text, QUOTED)))) == flat(text)


@given(st.text(st.characters() | st.sampled_from(">:-_ \n\r\u200b\u00a0"), max_size=400))
@example("On" * 5000)
@example("From: " * 20_000)
@example("-" * 100_000)
@example("> " * 50_000)
@example("a@b " * 30_000)
@example("\n".join(["On a wrote"] * 3_000))
@settings(max_examples=300, deadline=None)
def test_total(text: str) -> None:
    """Any text is taken apart, and nothing appears twice or from nowhere."""
    body = split_body(text)
    parts = (body.own, body.quoted, body.signature, body.footer, body.banner)
    read = sorted(c for part in parts for c in part if c.isalnum())

    assert read == sorted(c for c in text if c.isalnum())


@pytest.mark.parametrize(
    "words",
    [
        "From: our side we are happy.",
        "On Monday our CEO wrote:\nwe are the best.",
        "Dana wrote: yes to all of it.",
        "Two things:\n- the logo\n- the line below it",
        "Date: Friday\nTime: 9:30\nPlace: your office",
        "To: do\nSubject: to change",
        "De : Lyon\nÀ : Paris\nDate : 12/11/2026\nBillets : deux",
        "From: 12.11.2026 10:00\nTo: 14.11.2026\nWhere: the hotel",
        "-- and that is all I have to say about that, as you know very well.",
        "Sent from my desk this is a long line that says what we want to have, please.",
        "Caution: the blue prints darker than on screen.",
        "External factors made us late, sorry.",
        "This is confidential, please do not share the budget.",
        "The original message was better. Use that one.",
        "Best of all is the second one.\n\nPlease print it on Monday\nMy number is +1 555 0100 if the printer calls.",
        "Forwarded message: please see what the printer says.",
        "We wrote to you on 10 November 2026.",
        "Over >5,000 copies, please.",
    ],
)
def test_what_only_looks_like_a_quote_is_own(words: str) -> None:
    """A sentence that begins like a header, an attribution, a banner or a footer is the author's."""
    assert own_of(f"Hi Maya,\n\n{words}") == f"Hi Maya,\n\n{words}"
    assert own_of(f"{words}\n\nThanks!") == f"{words}\n\nThanks!"


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("yes On Tue, Nov 10, 2026 at 4:03 PM, dana@acme.example wrote:\n> ok?", "yes"),
        ("yes--- On Tue, Nov 10, 2026 at 4:03 PM, dana@acme.example wrote:\n> ok?", "yes"),
        ("> a long line that a client broke into two, the second without its mark and\nhere it is\n> next\n\nyes", "yes"),
        ("> is it?\nYes.\n> and this?\nNo.", "Yes.\nNo."),
        ("On 10 Nov 2026, at 16:03, Dana\n<dana@acme.example> wrote:\n> one\n>> On 9 Nov 2026, Maya wrote:\n>> two\n\nyes", "yes"),
        ("yes\n\nFrom: Dana Ruiz <dana@acme.example> Sent: Tuesday, November 10, 2026 4:03 PM To: Maya <maya@northlight.example> Subject: Layouts\nold", "yes"),
        ("yes\n\n-----Original Message-----\nold", "yes"),
        (">>> Dana Ruiz <dana@acme.example> 11/10/26 4:03 PM >>>\nold", ""),
        ("yes\n\n##- Please type your reply above this line -##\n\nold", "yes"),
        ("> old\n> -----Original Message-----\n> older\n\nyes", "yes"),
        ("", ""),
        ("\n\n", ""),
    ],
    ids=["glued", "glued-dashes", "debris", "inline", "nested", "flattened", "divider", "groupwise", "ticket", "divider-in-a-quote", "empty", "blank"],
)  # fmt: skip
@pytest.mark.pitfall("crisp#9")
def test_layouts_that_went_wrong(text: str, own: str) -> None:
    """What gateways, phones and old clients break is mended."""
    assert own_of(text) == own


# ---------------------------------------------------------------- what stands around


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nDana Ruiz\nMarketing Director\n+1 555 0100", "--\nDana", "Sent from my iPhone", "Sent from my Galaxy S24, an AT&T phone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>", "Von meinem iPhone gesendet", "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone", "Enviado desde mi iPhone", "Enviado do meu iPhone", "Inviato da iPhone",
        "Verstuurd vanaf mijn iPhone", "Skickat från min iPhone", "Sendt fra min iPhone", "Wysłano z iPhone'a",
        "Odesláno z iPhonu", "Отправлено с iPhone", "iPhoneから送信", "发自我的iPhone", "나의 iPhone에서 보냄", "iPhone'umdan gönderildi",
        "Lähetetty iPhonesta", "Dana Ruiz\nMarketing Director\nAcme Corp\n+1 555 0100", "Regards,\n\nDana Ruiz\nHead of Brand, Acme",
        "Dr. Hank van der Meer\nLeiter Einkauf | Globex GmbH\nwww.globex.example", "-Dana Ruiz",
    ],
)  # fmt: skip
def test_signatures(signature: str) -> None:
    """A signature is set aside, by its delimiter, by what phones write, or as a block of name and numbers."""
    body = split_body(f"Approved.\n\n{signature}")

    assert body.own == "Approved."
    assert flat(body.signature) == flat(signature)


@pytest.mark.parametrize(
    "banner",
    [
        "[EXTERNAL]", "[EXT]:", "*EXTERNAL EMAIL*", "CAUTION: This email originated from outside your organization.",
        "EXTERNAL EMAIL: be careful with links.", "[CAUTION: EXTERNAL EMAIL]", "ACHTUNG: Diese E-Mail kommt von einem externen Absender.",
        "ATTENTION : Ce courriel provient de l'extérieur.", "You don't often get email from dana@acme.example. Learn why this is important",
        "WARNING: This message came from an external sender.\nDo not click links unless you know them.",
    ],
)  # fmt: skip
def test_banners(banner: str) -> None:
    """What a gateway puts above is set aside, a tag before the first word included."""
    body = split_body(f"{banner}\n\nApproved.")

    assert body.own == "Approved."
    assert flat(body.banner) == flat(banner)


def test_a_tag_before_the_first_word() -> None:
    """A gateway's tag goes, and the sentence that it stands before stays."""
    assert own_of("[EXTERNAL] Approved, print it.\n\nDana") == "Approved, print it.\n\nDana"


@pytest.mark.parametrize(
    "footer",
    [
        "This e-mail is confidential and intended only for the addressee. If you have received it in error, delete it.",
        "CONFIDENTIALITY NOTICE: this message may hold privileged words, which are not for others.",
        "Diese E-Mail ist vertraulich. Globex GmbH, Amtsgericht Hamburg, Geschäftsführer: H. Ode und andere mehr",
        "_______________________________________________\nprint-talk mailing list\nprint-talk@lists.example\nhttps://lists.example/listinfo/print-talk",
        "Virus-free. www.avast.com", "This email has been scanned by the gateway.",
        "Please consider the environment before printing this email.",
    ],
)  # fmt: skip
def test_footers(footer: str) -> None:
    """Small print, lists' and scanners' lines are set aside, below a signature, too."""
    assert split_body(f"Approved.\n\n{footer}").own == "Approved."
    assert split_body(f"Approved.\n\n-- \nDana\n\n{footer}").own == "Approved."
