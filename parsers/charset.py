"""Bytes to text, by the charset that they are in rather than by the one that they claim."""

from __future__ import annotations

import re
from functools import lru_cache

# WHATWG Encoding Standard §4.2: a label, and the charset that what is labelled so is written in; mostly
# a superset that Windows writes under the name of the standard.
_LABELS = {
    "utf-8": "utf8 utf-8 utf8mb4 utf-8-mac utf-8-sig unicode-1-1-utf-8 unicode utf",
    "utf-7": "utf-7 utf7 unicode-1-1-utf-7 csunicode11utf7",
    "utf-16": "utf-16 utf16 ucs-2 iso-10646-ucs-2",
    "utf-16-le": "utf-16le utf-16-le",
    "utf-16-be": "utf-16be utf-16-be unicodefffe",
    "utf-32": "utf-32 utf32 ucs-4 iso-10646-ucs-4",
    "cp1252": "us-ascii ascii ansi-x3.4-1968 latin1 latin-1 l1 iso88591 8859-1",
    "iso8859-2": "latin2 latin-2 l2",
    "iso8859-5": "cyrillic",
    "iso8859-6": "arabic",
    "iso8859-7": "greek",
    "iso8859-8": "hebrew logical visual",
    "cp1254": "latin5 latin-5 l5 iso-8859-9",
    "cp874": "tis-620 tis620 iso-8859-11 cp874",
    "koi8-r": "koi8-r koi8r koi8 koi cskoi8r",
    "koi8-u": "koi8-u koi8-ru",
    "mac-roman": "mac-roman macintosh mac",
    "mac-latin2": "mac-ce mac-latin2 mac-centraleurroman",
    "mac-cyrillic": "mac-cyrillic mac-ukrainian",
    "mac-iceland": "mac-icelandic mac-iceland",
    "mac-greek": "mac-greek",
    "mac-turkish": "mac-turkish",
    "gb18030": "gb2312 gb-2312 gb-2312-80 gb2312-80 gbk gb18030 gb-18030 euc-cn chinese csgb2312 cp936",
    "hz": "hz-gb-2312 hz",
    "big5hkscs": "big5 big-5 big5-hkscs big5hkscs cn-big5 csbig5 cp950 mac-chinesetrad",
    "cp932": "shift-jis shiftjis sjis windows-31j cswindows31j ms-kanji csshiftjis cp932 mac-japanese",
    "euc_jp": "euc-jp eucjp cseucpkdfmtjapanese cp51932",
    "iso2022_jp_ext": "iso-2022-jp iso-2022-jp-1 iso-2022-jp-2 iso-2022-jp-ext csiso2022jp cp50220 cp50221",
    "cp949": "ks-c-5601-1987 ks-c-5601-1989 ks-c-5601 ksc5601 ksc-5601 korean euc-kr euckr uhc cp949 mac-korean",
    "iso2022_kr": "iso-2022-kr csiso2022kr",
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_CODECS |= {f"iso-8859-{part}": f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)}
_PAGES = (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, *range(1250, 1259))
_CODECS |= {f"cp{page}": f"cp{page}" for page in _PAGES} | {"cp65001": "utf-8", "cp65000": "utf-7"}
_ISO = re.compile(r"iso-?8859-(\d{1,2})")
_PAGE = re.compile(r"(?:windows|win|cp|ms|ibm)-?(\d{3,5})")

# What Windows writes under the name of these has letters where they have none (bytes 0x80 to 0x9F).
_WINDOWS = {"iso8859-2": "cp1250", "iso8859-7": "cp1253", "iso8859-8": "cp1255", "iso8859-13": "cp1257"}
_WINDOWS |= {"iso8859-15": "cp1252"}
_UNIVERSAL = frozenset({"utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32"})
_SEVEN_BIT = frozenset({"utf-7", "hz", "iso2022_jp_ext", "iso2022_kr"})
_DOUBLE_BYTE = frozenset({"gb18030", "big5hkscs", "cp932", "euc_jp", "cp949"})
_HIGH = bytes(range(0x80, 0x100))
_C1 = re.compile(rb"[\x80-\x9f]")
_KANA = re.compile(rb"[\x82\x83][\x40-\xf1]")
_JAPANESE_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([JI])")
_JAPANESE_RUN = re.compile(rb"\x1b(\$[@B]|\([BJI])([^\x1b]*)")
_CUT_LETTER = re.compile(
    rb"(?<=[\x80-\xbf])(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z"
)
_STRAY = re.compile("[\udc80-\udcff]+")
# The bytes that are not UTF-8, as surrogateescape leaves them, read as Windows writes them.
_STRAYS = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in _HIGH}
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")


@lru_cache(maxsize=512)
def codec_of(label: str | None) -> str | None:
    """
    The codec for what is labelled so, "cp1252" for ASCII and Latin-1; None for a label that names none.

    Total. Charsets that mail is written in, and no other codec: Python would also find "punycode".
    """
    words = (label or "")[:60].lower().replace("_", "-").strip("\0 '\"\t;")
    words = re.split(r"[\s;,*'\0]", words, maxsplit=1)[0].removeprefix("charset=").removeprefix("x-")
    if words in _CODECS:
        return _CODECS[words]
    if iso := _ISO.match(words):  # iso-8859-8-i, iso-8859-6-e: the suffix says how the text runs
        return "cp1252" if iso[1] == "1" else _CODECS.get(f"iso-8859-{iso[1]}")
    page = _PAGE.search(words)
    return _CODECS.get(f"cp{page[1]}") if page else None


def text_from(octets: bytes, label: str | None = None) -> str:
    """
    Bytes as text: by their byte order mark, else by the charset of the label, unless they belie it.

    Well-formed UTF-8 is UTF-8 under whatever label; what is labelled UTF-8, nothing, or something
    unknown, and is not UTF-8, is cp1252. What is no letter is U+FFFD. Total; the text is `clean`.

    Source: RFC 2046 §4.1.2, RFC 3629; WHATWG Encoding Standard.
    """
    if not label and octets.isascii() and b"\x1b" not in octets:  # as nearly all fields
        return clean(octets.decode("ascii"))
    return clean(_decoded(octets, codec_of(label), unlabelled=not label))


def is_utf8(octets: bytes) -> bool:
    """Whether these bytes are well-formed UTF-8; ASCII is."""
    try:
        octets.decode("utf-8")
    except ValueError:
        return False
    return True


def clean(text: str) -> str:
    """Text without control characters, but for tabs and line ends; a lone surrogate is U+FFFD."""
    if text.replace("\r\n", " ").replace("\n", " ").isprintable():  # many times as fast, and true of most
        return text
    return _CONTROL.sub("", _SURROGATE.sub("\ufffd", text))


def _decoded(octets: bytes, codec: str | None, *, unlabelled: bool) -> str:
    if octets.startswith(b"\xef\xbb\xbf"):
        octets, codec = octets[3:], "utf-8"
    is_wide = codec is not None and codec.startswith(("utf-16", "utf-32")) and b"\0" in octets[:400]
    if is_wide or octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _wide(octets, codec)
    if octets.isascii():
        if unlabelled and _JAPANESE_ESCAPE.search(octets):
            codec = "iso2022_jp_ext"  # Japanese clients of old write it raw into header fields
        return _seven_bit(octets, codec) if codec in _SEVEN_BIT else octets.decode("ascii")
    if codec in _DOUBLE_BYTE:
        return _double_byte(octets, codec)
    claims_utf8 = codec is None or codec in _UNIVERSAL
    if (text := _as_utf8(octets, letters_per_stray=2 if claims_utf8 else 4)) is not None:
        return text
    if codec == "iso2022_jp_ext" or (claims_utf8 and _is_shift_jis(octets)):
        codec = "cp932"
    if codec is None or codec in _UNIVERSAL or codec in _SEVEN_BIT:
        codec = "cp1252"
    if codec in _WINDOWS and _C1.search(octets):
        codec = _WINDOWS[codec]
    return octets.decode(codec, "replace")


def _wide(octets: bytes, codec: str | None) -> str:
    """UTF-16 or UTF-32: in the order of its mark, else in that of its zero bytes."""
    if octets.startswith(b"\xff\xfe\0\0") or codec == "utf-32":
        return octets.decode("utf-32", "replace")
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        return octets.decode("utf-16", "replace")
    # RFC 2781 §4.3 has big-endian for unmarked text; Windows sends little-endian.
    little = octets[1:400:2].count(0) >= octets[:400:2].count(0)
    return octets.decode("utf-16-le" if little else "utf-16-be", "replace")


def _as_utf8(octets: bytes, *, letters_per_stray: int) -> str | None:
    """These bytes as UTF-8, single strays as cp1252; None where more than a few of them are stray."""
    if cut := _CUT_LETTER.search(octets):  # of a name or a line that was cut by its bytes
        octets = octets[: cut.start()]
    text = octets.decode("utf-8", "surrogateescape")
    strays = len(text) - len(_STRAY.sub("", text))
    if not strays:
        return text
    letters = (_high(octets) - strays) // 2  # of at least two bytes each
    return text.translate(_STRAYS) if letters >= letters_per_stray * strays else None


def _double_byte(octets: bytes, codec: str) -> str:
    """Chinese, Japanese, Korean: as labelled, unless it is UTF-8, or breaks that charset too often."""
    try:
        utf8 = octets.decode("utf-8")
    except ValueError:
        pass
    else:
        # A word or two may be well-formed in both; none is that has only letters of three bytes.
        letters = [letter for letter in utf8[:2000] if not letter.isascii()]
        if len(letters) >= 8 or all(letter >= "\u0800" for letter in letters):
            return utf8
    text = octets.decode(codec, "replace")
    if text.count("\ufffd") * 10 <= _high(octets):
        return text
    return _decoded(octets, None, unlabelled=False)


def _seven_bit(octets: bytes, codec: str | None) -> str:
    try:
        return octets.decode(codec or "ascii")
    except ValueError:
        pass
    if codec == "iso2022_jp_ext":
        # Windows' ISO-2022-JP (cp50221) has letters that the standard and Python's codec have not.
        return _JAPANESE_RUN.sub(_shifted, octets).decode("cp932", "replace")
    return octets.decode(codec or "ascii", "replace")


def _shifted(run: re.Match[bytes]) -> bytes:
    """A run of JIS X 0208, or of one-byte kana, as Shift-JIS."""
    if run[1] == b"(I":
        return bytes(byte | 0x80 for byte in run[2])
    if not run[1].startswith(b"$"):
        return run[2]
    made = bytearray()
    for row, cell in zip(run[2][::2], run[2][1::2], strict=False):
        made.append(((row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)) & 0xFF)
        made.append((cell + (0x7E if row % 2 == 0 else 0x1F + (cell >= 0x60))) & 0xFF)
    return bytes(made)


def _is_shift_jis(octets: bytes) -> bool:
    """Whether much of it is kana: their first byte is no letter of any language in cp1252."""
    sample = octets[:4000]
    if _high(sample) < 6 or len(_KANA.findall(sample)) * 5 < _high(sample):
        return False
    return octets.decode("cp932", "replace").count("\ufffd") * 50 <= len(octets)


def _high(octets: bytes) -> int:
    return len(octets) - len(octets.translate(None, _HIGH))
