"""What an eye takes for the same letters. A table, and the skeleton that it gives."""

from __future__ import annotations

import unicodedata

# Each letter looks like the Latin one beside it, in small letters and most typefaces.
# Source: Unicode TR39, its confusables, as far as domains may hold them.
_CYRILLIC_TWINS = {
    "а": "a", "б": "b", "в": "b", "г": "r", "ґ": "r", "ғ": "f", "е": "e", "є": "e", "з": "3", "и": "u", "і": "i",
    "ј": "j", "к": "k", "қ": "k", "ҡ": "k", "ҝ": "k", "ӏ": "l", "м": "m", "н": "h", "ң": "h", "ҥ": "h", "о": "o",
    "п": "n", "р": "p", "ҏ": "p", "с": "c", "ҫ": "c", "т": "t", "ҭ": "t", "у": "y", "ү": "y", "ұ": "y", "х": "x",
    "ҳ": "x", "ь": "b", "ъ": "b", "ѕ": "s", "ѵ": "v", "ѡ": "w", "ш": "w", "щ": "w", "һ": "h", "ҽ": "e", "ӡ": "3",
    "ԁ": "d", "ԍ": "g", "ԛ": "q", "ԝ": "w", "ԋ": "h", "ө": "o", "я": "r", "ӕ": "ae", "ч": "4", "э": "3",
}  # fmt: skip
_GREEK_TWINS = {
    "α": "a", "β": "b", "γ": "y", "δ": "d", "ε": "e", "ζ": "z", "η": "n", "θ": "o", "ι": "i", "κ": "k", "μ": "u",
    "ν": "v", "ξ": "e", "ο": "o", "π": "n", "ρ": "p", "σ": "o", "ς": "c", "τ": "t", "υ": "u", "χ": "x", "ω": "w",
    "ϲ": "c", "ϳ": "j", "ϱ": "p", "ϻ": "m", "ϸ": "p",
}  # fmt: skip
_ARMENIAN_TWINS = {
    "ա": "w", "գ": "q", "զ": "q", "ը": "n", "թ": "p", "ի": "h", "լ": "l", "ծ": "d", "հ": "h", "ձ": "d", "ղ": "n",
    "յ": "j", "ն": "u", "շ": "2", "ո": "n", "պ": "u", "ռ": "n", "ս": "u", "վ": "y", "տ": "un", "ց": "g", "ք": "p",
    "օ": "o", "ֆ": "f", "կ": "y", "ճ": "6", "ւ": "l", "է": "t",
}  # fmt: skip
_LATIN_TWINS = {
    "ɑ": "a", "ɐ": "a", "æ": "ae", "ƀ": "b", "ɓ": "b", "ʙ": "b", "þ": "p", "ƈ": "c", "ȼ": "c", "ɕ": "c", "ↄ": "c",
    "đ": "d", "ɖ": "d", "ɗ": "d", "ð": "d", "ƌ": "d", "ə": "e", "ɛ": "e", "ǝ": "e", "ɇ": "e", "ƒ": "f", "ɡ": "g",
    "ɠ": "g", "ǥ": "g", "ɢ": "g", "ħ": "h", "ɦ": "h", "ɥ": "h", "ı": "i", "ɨ": "i", "ɩ": "i", "ɪ": "i", "ȷ": "j",
    "ɉ": "j", "ʝ": "j", "ƙ": "k", "ĸ": "k", "ł": "l", "ɫ": "l", "ɭ": "l", "ʟ": "l", "ƚ": "l", "ǀ": "l", "ɱ": "m",
    "ɯ": "w", "ŋ": "n", "ɲ": "n", "ɳ": "n", "ɴ": "n", "ƞ": "n", "ø": "o", "ɵ": "o", "œ": "oe", "ƥ": "p", "ƿ": "p",
    "ɋ": "q", "ʠ": "q", "ɼ": "r", "ɽ": "r", "ɾ": "r", "ʀ": "r", "ɍ": "r", "ʂ": "s", "ȿ": "s", "ß": "ss", "ſ": "f",
    "ƭ": "t", "ʈ": "t", "ŧ": "t", "ⱦ": "t", "ʉ": "u", "ʊ": "u", "ʋ": "v", "ʌ": "v", "ⱳ": "w", "ʍ": "m", "ƴ": "y",
    "ɏ": "y", "ʏ": "y", "ɣ": "y", "ƶ": "z", "ʐ": "z", "ʑ": "z", "ȥ": "z", "ɀ": "z", "ʒ": "3", "ȝ": "3", "ƨ": "2",
}  # fmt: skip
_OTHER_TWINS = {
    "ס": "o", "ו": "l", "ן": "l", "ט": "u", "ה": "o", "ه": "o", "ا": "l", "ლ": "m", "ო": "m", "օ": "o", "ჿ": "o",
    "ഠ": "o", "ം": "o", "ဝ": "o", "୦": "o", "ᴄ": "c", "ᴏ": "o", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "ᴜ": "u", "ᴛ": "t",
    "ᴋ": "k", "ᴍ": "m", "ᴘ": "p", "ꮯ": "c", "ꮪ": "s", "ꮤ": "w", "ꮓ": "z", "ꭺ": "a", "ꮋ": "h", "ꮇ": "m", "ⲟ": "o",
    "ⲣ": "p", "ⲥ": "c", "ⲩ": "y", "ⲭ": "x", "ⲓ": "i", "ⲛ": "n",
}  # fmt: skip
_TWINS = str.maketrans({**_CYRILLIC_TWINS, **_GREEK_TWINS, **_ARMENIAN_TWINS, **_LATIN_TWINS, **_OTHER_TWINS})
_DIGITS = str.maketrans("013456789", "oleasbtbg")  # as in c0ntr0ls and p4ypal
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))  # that a hurried reader takes for one letter


def skeleton(label: str) -> str:
    """
    What a label looks like: two labels with one skeleton are taken for each other.

    Takes a label as shown (no A-label). Accents, hyphens and the difference of i and l are gone. It is
    for comparing alone, and says nothing by itself. Total.

    Source: Unicode TR39 §4, with the digits and pairs of letters that forgers of domains use.
    """
    plain = label.casefold() if label.isascii() else _latin(label)
    plain = plain.replace("-", "").replace("_", "").translate(_DIGITS)
    for pair, letter in _PAIRS:
        plain = plain.replace(pair, letter)
    return plain.replace("i", "l")


def _latin(label: str) -> str:
    apart = unicodedata.normalize("NFKD", label.lower())
    letters = "".join(c for c in apart if not unicodedata.combining(c)).translate(_TWINS)
    return "".join(c if c.isascii() else str(unicodedata.digit(c, c)) for c in letters).lower()
