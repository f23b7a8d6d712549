"""HTML to the text that a reader sees."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parsers.html import text_of

ASKED = "On Tue, Nov 10, 2026 at 4:03 PM Dana Ruiz &lt;dana@acme.example&gt; wrote:"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>two  <b>bold</b>\n words</p>", "One\n\ntwo bold words"),
        ("<div>One</div><div><br></div><div>two<br>three</div>", "One\n\ntwo\nthree"),
        ("<ul><li>one<li>two</ul>", "- one\n- two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a<style>p{}</style><script>x</script><!-- c --><title>t</title>b", "ab"),
        (
            "<p style='display : none'>hidden</p><p style='mso-hide:all'>too</p><p hidden>three</p>seen",
            "seen",
        ),
        ("<span style='opacity:0'>no</span><span style='opacity:0.9'>yes</span>", "yes"),
        ("<p style='color:transparent'>no</p><p style='background-color:transparent'>yes</p>", "yes"),
        ("<p style='position:absolute; left:-9999px'>no</p><p style='left:-5px'>yes</p>", "yes"),
        ("<span style='font-size:0'>no</span><span style='font-size:0.9em'>yes</span>", "yes"),
        ("&lt;b&gt; &amp; &eacute;&nbsp;!", "<b> & é\u00a0!"),
        ("plain", "plain"),
        ("", ""),
        ("<", "<"),
    ],
)
def test_text_as_it_is_seen(html: str, text: str) -> None:
    """Blocks are lines, paragraphs stand apart, and what is hidden is left out."""
    assert text_of(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"yes<div>{ASKED}</div><blockquote>old</blockquote>", f"yes\n{ASKED}\n\n> old"),
        ("yes<blockquote type=cite>old<blockquote type=cite>older</blockquote></blockquote>", "yes\n\n> old\n>\n>> older"),
        ("yes<blockquote>somebody's</blockquote>", "yes\n\n> somebody's"),
        (f"yes<blockquote>mine</blockquote><div>{ASKED}</div><blockquote>old</blockquote>", f"yes\n\nmine\n\n{ASKED}\n\n> old"),
        ("a<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>indented</blockquote>b", "a\n\nindented\n\nb"),
        ("yes<div class=yahoo_quoted>old</div>", "yes\n\n> old"),
        ("yes<hr id=stopSpelling>old<p>older", "yes\n\n> old\n>\n> older"),
        ("<div>yes</div><div id=appendonsend></div><div id=divRplyFwdMsg>old</div>", "yes\n\n> old"),
        ("yes<div class=gmail_signature>Dana</div>", "yes\n\n-- \nDana"),
    ],
    ids=["introduced", "cited", "alone", "before-one-that-is-introduced", "indent", "yahoo", "hotmail", "outlook", "signature"],
)  # fmt: skip
def test_quotes_are_marked(html: str, text: str) -> None:
    """What a mail client marks as quoted carries quote marks; what an author indents does not."""
    assert text_of(html).replace("<", "&lt;").replace("dana@acme.example>", "dana@acme.example&gt;") == text


@given(st.text(st.sampled_from("<>/ab=\"' !-&;é\n"), max_size=200))
@example("<div>" * 100_000)
@example("<blockquote>" * 20_000 + "x")
@example("<a " + "b=c " * 100_000 + ">x")
@example("<!--" * 50_000)
@example("&" * 200_000)
@example("<" * 300_000)
@settings(max_examples=300, deadline=None)
def test_total(html: str) -> None:
    """Any HTML gives text, and the same each time."""
    assert text_of(html) == text_of(html)


@pytest.mark.pitfall("talon#129")
def test_words_survive_what_is_too_deep() -> None:
    """HTML that no tree is built of loses its tags and no words."""
    assert text_of("<div>" * 5_000 + "Approved<br>now") == "Approved\nnow"
    assert text_of("<script>no</script>" + "<i>" * 5_000 + "Approved") == "Approved"
