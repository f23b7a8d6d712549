"""What a subject is about."""

import re
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.message import parse_message
from parsers.subject_words import PREFIXES
from parsers.subjects import base_subject, is_generic, is_new_subject
from tests.real import needs_real_mail, raw_of, rows

WORDS = sorted({word for one in PREFIXES.values() for word in f"{one.reply}|{one.forward}".split("|")})


@pytest.mark.parametrize(
    ("subject", "text", "is_reply"),
    [
        ("Spring", "spring", False),
        ("Re: Spring", "spring", True),
        ("RE: [EXTERNAL] AW:  Spring", "spring", True),
        ("Fwd: Re[2]: Spring (fwd)", "spring", True),
        ("[list] Spring", "spring", False),
        ("[Spring]", "[spring]", False),
        ("[list] [Spring]", "[spring]", False),
        ("Re:", "", True),
        ("", "", False),
        ("_", "_", False),
        ("回复：春", "春", True),
        ("Reminder: Spring", "reminder: spring", False),
        ("I: primavera", "primavera", True),
        ("Re: [FWD: c]", "c", True),
        ("re: [fwd: [fwd: re: [fwd: babylon]]]", "babylon", True),
        ("[foo] Fwd: [bar] Re: fw: b (fWd)  (fwd)", "b", True),
        ("[foo] (fwd)", "[foo]", True),
        ("(fwd)", "", True),
        ("[fwd:]", "", True),
        ("[fwd: ] ", "", True),
        ("b (a)", "b (a)", False),
        ("Re(2): Spring", "spring", True),
        ("Re^2: Spring", "spring", True),
        ("Re*3: Spring", "spring", True),
        ("Re [list]: Spring", "spring", True),
        ("RE :\u00a0Printemps", "printemps", True),
        ("Réf. : Printemps", "printemps", True),
        ("Re\u0301p : Printemps", "printemps", True),
        ("Betr.: Lente", "lente", True),
        ("ＲＥ：Ｓｐｒｉｎｇ", "spring", True),
        ("\u200fRe: \u202aאביב", "אביב", True),
        ("İLT: bahar", "bahar", True),
        ("Re:Re:AW:FW:Spring", "spring", True),
        ("*EXTERNAL* Re: Spring", "spring", True),
        ("RE: EXTERNAL: Re: Spring", "spring", True),
        ("External: agencies", "external: agencies", False),
        ("[Ticket #48213]: Spring", "spring", False),
        ("Re: Ref: Spring", "spring", True),
        ("Ref: 1042", "ref: 1042", False),
        ("Ref: INV-1042", "ref: inv-1042", False),
        ("Re: Ref: 1042", "ref: 1042", True),
    ],
)
def test_base_subject(subject: str, text: str, is_reply: bool) -> None:
    """What mail clients and gateways put around a subject comes off, and nothing else."""
    found = base_subject(subject)

    assert (found.text, found.is_reply) == (text, is_reply)


@pytest.mark.parametrize(
    "subject",
    ["Ad: Re: x", "Information: x", "Info: x", "Note: x", "Reminder: x", "Update: x", "Rep: x", "Prep: x", "Pers: x",
     "Regarding: x", "About: x", "Question: x", "Reservation: x", "Transf: x", "Re Spring", "Résumé: x", "Aww: x"],
)  # fmt: skip
def test_ordinary_words_stay(subject: str) -> None:
    """A word that people write before a colon is part of what they say."""
    assert base_subject(subject).text == subject.lower()
    assert not base_subject(subject).is_reply


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("mark", [":", " :", "：", "[2]:", "(2):", ".:", ": Re:"])
def test_prefixes_of_every_language(word: str, mark: str) -> None:
    """Each says that it answers or forwards, as mail clients write it, and comes off."""
    for written in (word, word.upper(), word.capitalize()):
        assert base_subject(f"{written}{mark} Spring layouts") == base_subject("Re: Spring layouts")


@given(st.text(max_size=60), st.sampled_from(WORDS))
@settings(deadline=None)
def test_a_prefix_changes_nothing(subject: str, word: str) -> None:
    """With a prefix before it, any subject is what it was, and a reply."""
    assert base_subject(f"{word}: {subject}").text == base_subject(subject).text
    assert base_subject(f"{word}: {subject}").is_reply


@given(
    st.lists(
        st.sampled_from(
            [
                "Re: ",
                "[a]",
                "[",
                "]",
                "[fwd:",
                "fwd: ",
                "(fwd)",
                " ",
                ":",
                "x",
                "Ref: ",
                "1",
                "[2]",
                "AW",
                "EXTERNAL: ",
            ]
        )
    )
)
@settings(deadline=None)
def test_whatever_stands_around(pieces: list[str]) -> None:
    """However prefixes, tags and brackets are piled, one more prefix changes nothing."""
    subject = "".join(pieces)

    assert base_subject(f"Re: {subject}").text == base_subject(subject).text


@pytest.mark.parametrize(
    "unit",
    ["re:", "re: ", "[fwd:", "[a]", "[", "(fwd)", "(fwd) ", " ", "*", "re[", "ref:", "1 nov ", "(was: ", "<", "\ufdfa", "发票", "的件"],
)  # fmt: skip
@pytest.mark.parametrize("end", ["", "x", "]"])
def test_a_hostile_subject_comes_to_an_end(unit: str, end: str) -> None:
    """A hundred thousand of anything is read: its base subject is its own, and it is no new one beside itself."""
    subject = unit * 100_000 + end * 100_000
    base = base_subject(subject)

    assert base_subject(base.text).text == base.text
    assert is_generic(base.text) is is_generic(base_subject(f"Re: {subject}").text)
    assert not is_new_subject(subject, subject)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(name, marks=needs_real_mail)
        for name in ("thread-orderedsubject", "thread-orderedsubject2")
    ],
)
def test_groups_as_an_imap_server_makes_them(row: str) -> None:
    """The mails of an IMAP server's own tests fall into its groups by their base subjects (RFC 5256 §3)."""
    (expected,) = (one for one in rows("threads") if one["id"] == f"imaptest/{row}")
    mails = re.split(rb"^From .*\r?\n", raw_of(expected), flags=re.M)[1:]
    groups = defaultdict(list)
    for number, mail in enumerate(mails[: expected["use_first"]], start=1):
        groups[base_subject(parse_message(b"X-Number: 1\n" + mail).subject).text].append(
            number
        )  # one has no header

    assert sorted(groups.values()) == sorted(expected["expected_groups"])


@pytest.mark.parametrize(
    "base",
    [
        *("invoice", "Update", "hello", "Hello!", "quick question", "a quick question about the invoice", "meeting", "following up"),
        *("update 12 nov", "weekly update", "meeting tuesday", "invoice november", "report q3", "status 2026", "call at 3 pm", "update 2"),
        *("invoice 2026-11", "invoice 12.11.2026", "notes 11/2026", "meeting 12th november 2026", "call 14:30", "next week", "november"),
        *("Rechnung", "Angebot", "Rückfrage", "rückfrage: termin", "rechnung märz", "termin am 12. november", "update kw 46"),
        *("facture", "devis", "réunion", "REUNION", "compte-rendu", "rendez-vous mardi", "pièce jointe", "facture de novembre"),
        *("presupuesto", "reunión", "reunion 3 de mayo", "hola", "buenos días", "consulta"),
        *("fattura", "preventivo", "riunione lunedì", "richiesta informazioni", "fatura", "orçamento", "orcamento", "bom dia"),
        *("factuur", "offerte", "vraag", "faktura", "offert", "fråga", "tilbud", "møde", "mote", "lasku", "tarjous", "kysymys"),
        *("oferta", "pytanie", "załączniki", "zalaczniki", "faktura za styczeń", "nabídka", "dotaz", "dobrý den", "számla", "árajánlat"),
        *("fatura ekim", "toplantı", "TOPLANTI", "factură", "ofertă", "τιμολόγιο", "ΠΡΟΣΦΟΡΑ", "счёт", "счет", "вопрос", "рахунок", "встреча 5 мая"),
        *("发票", "报价", "發票", "会议", "关于发票", "11月12日会议", "請求書", "お見積もりの件", "ご質問", "견적서", "회의 11월 12일"),
        *("חשבונית", "שאלה", "فاتورة", "سؤال", "اجتماع الاثنين"),
        *("ok", "hi", "x", "qa", "春", "", "!!!", "…", "1042", "2026-11-12", "👍", "(no subject)", "<no subject>", "(kein Betreff)"),
        *("(sans objet)", "(sin asunto)", "(nessun oggetto)", "(sem assunto)", "(geen onderwerp)", "(inget ämne)", "(ei aihetta)"),
        *("(brak tematu)", "(bez předmětu)", "(konu yok)", "(без темы)", "(无主题)", "(無主旨)", "(件名なし)", "(제목 없음)", "(ללא נושא)", "(بدون موضوع)"),
    ],
)  # fmt: skip
def test_generic_subjects(base: str) -> None:
    """What any two strangers' mails may be called, in the languages of our clients."""
    assert is_generic(base_subject(base).text)


@pytest.mark.parametrize(
    "base",
    [
        *("spring layouts", "spring", "invoice 1042", "invoice 12", "invoice inv-1042", "rechnung 4711", "facture n° 88", "update 1042"),
        *("quote for the autumn shoot", "meeting with dana", "update acme", "hello from acme", "invoice 2026-0042", "logo", "website relaunch"),
        *("po 88", "ticket 7", "rechnung acme november", "presupuesto campaña", "春季海报", "春の件", "请求春季海报", "brief für acme", "봄 카탈로그"),
        *("update " + "update " * 20, "marketing", "décembre en fête", "freigabe plakat", "ref: 1042"),
    ],
)  # fmt: skip
def test_subjects_that_say_something(base: str) -> None:
    """A name, a piece of work, or a paper's own number tells one mail from another."""
    assert not is_generic(base)


@given(st.text(max_size=120))
def test_generic_is_total(base: str) -> None:
    """Any text says something or not, and shouting it changes nothing that accents do not."""
    assert is_generic(base) in (True, False)
    assert is_generic(base + "!") is is_generic(base) or len(base) >= 80


@pytest.mark.parametrize(
    ("subject", "before"),
    [
        ("Spring layouts", "Spring layouts"),
        ("Re: Spring layouts", "AW: [EXTERNAL] spring  Layouts!"),
        ("Spring layouts - final v2", "Spring layouts"),
        ("Re: layouts", "Spring layouts"),
        ("Spring layouts v3", "Spring layouts - v2"),
        ("Spring layouts (final)", "Spring layouts, draft"),
        ("New topic (was: Spring layouts)", "Spring layouts"),
        ("New topic [was: Re: Spring layouts]", "Spring layouts"),
        ("New topic (was: Spring lay…)", "Spring layouts for the north"),
        ("New topic [was: Spring layouts v2]", "Spring layouts"),
        ("Spring layouts", "New topic [was: Spring layouts]"),
        ("Neues Thema (war: Layouts)", "AW: Layouts"),
        ("Re: New topic", "New topic (was: Spring layouts)"),
        ("Réunion d'été", "reunion d’ete"),
        ("[Ticket #48213] Spring layouts", "[Ticket #7] Spring layouts"),
        ("Spring layouts [#48213]", "Spring layouts [#48214]"),
        ("Ticket #48213: Spring layouts", "Spring: layouts"),
        ("*EXTERNAL* Spring layouts", "Spring layouts"),
        ("", "Spring layouts"),
        ("Re:", "Spring layouts"),
        ("(no subject)", "Spring layouts"),
        ("Autumn shoot", ""),
        ("Autumn shoot", "(kein Betreff)"),
        ("Automatic reply: Spring layouts", "Spring layouts"),
        ("Automatische Antwort", "Spring layouts"),
        ("Abwesenheitsnotiz: Spring layouts", "Re: Spring layouts"),
        ("Accepted: Spring layouts", "Spring layouts"),
        ("Undeliverable: Spring layouts", "Spring layouts"),
        ("Nicht zustellbar: Spring layouts", "FW: Spring layouts"),
        ("Undelivered Mail Returned to Sender", "Spring layouts"),
        ("Plakat Entwurf", "Plakat, finale Version 2"),
        ("海报春季", "海报"),
        ("Re: [Spring]", "[Spring]"),
    ],
)
def test_the_old_subject(subject: str, before: str) -> None:
    """What contains, names or decorates the old subject keeps it."""
    assert not is_new_subject(subject, before)


@pytest.mark.parametrize(
    ("subject", "before"),
    [
        ("Autumn shoot", "Spring layouts"),
        ("Re: Autumn shoot", "Re: Spring layouts"),
        ("Springer", "Spring"),
        ("Invoice 1043", "Invoice 1042"),
        ("Autumn shoot (was: Summer shoot)", "Spring layouts"),
        ("Accepted: Autumn shoot", "Spring layouts"),
        ("[Acme] Autumn", "[Acme] Spring"),
        ("秋季海报", "春季海报"),
        ("Ticket 1043", "Ticket 1042"),
        ("v2", "v1"),
    ],
)
def test_a_new_subject(subject: str, before: str) -> None:
    """What says something else is new."""
    assert is_new_subject(subject, before)


@given(st.text(max_size=80), st.text(max_size=80))
@settings(deadline=None)
def test_new_subject_is_total(subject: str, before: str) -> None:
    """A subject is never new to itself, whatever stands before it, and none ever is."""
    assert not is_new_subject(f"Re: {subject}", subject)
    assert not is_new_subject("", before)
    assert is_new_subject(subject, before) in (True, False)
