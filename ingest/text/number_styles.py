"""Numbers of list items and clauses in every style: ``12``, ``012``, ``xii``, ``l``, ``十二``, ``⑫``, ``Twelfth``.

The styles are called as WordprocessingML calls them (ST_NumberFormat, the longest list of them that office formats
have); ``style_named`` knows the names that CSS, HTML and the samples of OpenDocument have for the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_MOST_ROMAN, _MOST_COUNTED, _MOST_REPEATS = 3999, 99_999_999, 100
_CHICAGO = "*†‡§"
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_KOREAN_ONES = ("", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉")
_KOREAN_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")
_VIETNAMESE = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_HEBREW = (
    (400, "ת"), (300, "ש"), (200, "ר"), (100, "ק"), (90, "צ"), (80, "פ"), (70, "ע"), (60, "ס"), (50, "נ"),
    (40, "מ"), (30, "ל"), (20, "כ"), (16, "טז"), (15, "טו"), (10, "י"), (9, "ט"), (8, "ח"), (7, "ז"), (6, "ו"),
    (5, "ה"),
    (4, "ד"), (3, "ג"), (2, "ב"), (1, "א"),
)  # fmt: skip

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_AIUEO = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_HALF_AIUEO = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
_HALF_IROHA = "ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳヰﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼヱﾋﾓｾｽ"

_LETTERS = {
    "lowerLetter": _LATIN,
    "upperLetter": _LATIN.upper(),
    "lowerGreek": "αβγδεζηθικλμνξοπρστυφχψω",
    "upperGreek": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
    "russianLower": "абвгдежзиклмнопрстуфхцчшщэюя",
    "russianUpper": "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ",
    "aiueo": _HALF_AIUEO,
    "aiueoFullWidth": _AIUEO,
    "iroha": _HALF_IROHA,
    "irohaFullWidth": _IROHA,
    "hiragana": "".join(chr(ord(sign) - 0x60) for sign in _AIUEO),
    "hiraganaIroha": "".join(chr(ord(sign) - 0x60) for sign in _IROHA),
    "ganada": "가나다라마바사아자차카타파하",
    "chosung": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "hebrew2": "אבגדהוזחטיכלמנסעפצקרשת",
    "arabicAlpha": "أبتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "arabicAbjad": "أبجدهوزحطيكلمنسعفصقرشتثخذضظغ",
    "thaiLetters": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
}
"""Styles that go through letters and repeat them after the last: ``z``, ``aa``, ``bb``."""

_ONCE = {
    "ideographTraditional": _STEMS,
    "ideographZodiac": _BRANCHES,
    "ideographZodiacTraditional": [_STEMS[place % 10] + _BRANCHES[place % 12] for place in range(60)],
    "decimalEnclosedCircle": [chr(0x2460 + place) for place in range(20)],
    "decimalEnclosedCircleChinese": [chr(0x2460 + place) for place in range(20)],
    "decimalEnclosedBlack": "❶❷❸❹❺❻❼❽❾❿⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴",
    "decimalEnclosedParen": [chr(0x2474 + place) for place in range(20)],
    "decimalEnclosedFullstop": [chr(0x2488 + place) for place in range(20)],
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ideographEnclosedParen": "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩",
    "chosungEnclosedCircle": "㉠㉡㉢㉣㉤㉥㉦㉧㉨㉩㉪㉫㉬㉭",
    "ganadaEnclosedCircle": "㉮㉯㉰㉱㉲㉳㉴㉵㉶㉷㉸㉹㉺㉻",
}
"""Styles that have signs for so many numbers; what comes after them is decimal, as programs show it."""

_DIGITS = {
    "decimalFullWidth": "０１２３４５６７８９",
    "decimalFullWidth2": "０１２３４５６７８９",
    "ideographDigital": "〇一二三四五六七八九",
    "japaneseDigitalTenThousand": "〇一二三四五六七八九",
    "taiwaneseDigital": "〇一二三四五六七八九",
    "koreanDigital": "영일이삼사오육칠팔구",
    "koreanDigital2": "零一二三四五六七八九",
    "thaiNumbers": "๐๑๒๓๔๕๖๗๘๙",
    "hindiNumbers": "०१२३४५६७८९",
    "arabicNumbers": "٠١٢٣٤٥٦٧٨٩",
    "persianNumbers": "۰۱۲۳۴۵۶۷۸۹",
}

_SIMPLE, _FORMAL, _FORMAL_TRADITIONAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "零壹貳參肆伍陸柒捌玖"
_COUNTED = {
    # digits, ten hundred thousand, ten thousand, whether one ten is ten, whether zeros are said
    "chineseCounting": (_SIMPLE, "十百千", "万", True, True),
    "chineseCountingThousand": (_SIMPLE, "十百千", "万", True, True),
    "chineseLegalSimplified": (_FORMAL, "拾佰仟", "万", False, True),
    "taiwaneseCounting": (_SIMPLE, "十百千", "萬", True, True),
    "taiwaneseCountingThousand": (_SIMPLE, "十百千", "萬", True, True),
    "ideographLegalTraditional": (_FORMAL_TRADITIONAL, "拾佰仟", "萬", False, True),
    "japaneseCounting": (_SIMPLE, "十百千", "万", True, False),
    "japaneseLegal": ("零壱弐参四伍六七八九", "拾百阡", "萬", False, False),
    "koreanCounting": ("영일이삼사오육칠팔구", "십백천", "만", True, False),
}

_NAMES = {
    "1": "decimal", "a": "lowerLatin", "A": "upperLatin", "i": "lowerRoman", "I": "upperRoman",
    "decimal-leading-zero": "decimalZero", "lower-alpha": "lowerLatin", "lower-latin": "lowerLatin",
    "upper-alpha": "upperLatin", "upper-latin": "upperLatin", "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman", "lower-greek": "lowerGreek", "upper-greek": "upperGreek",
    "cjk-decimal": "ideographDigital", "cjk-ideographic": "taiwaneseCounting",
    "trad-chinese-informal": "taiwaneseCounting", "simp-chinese-informal": "chineseCounting",
    "trad-chinese-formal": "ideographLegalTraditional", "simp-chinese-formal": "chineseLegalSimplified",
    "japanese-informal": "japaneseCounting", "japanese-formal": "japaneseLegal",
    "cjk-heavenly-stem": "ideographTraditional", "cjk-earthly-branch": "ideographZodiac",
    "katakana": "aiueoFullWidth", "katakana-iroha": "irohaFullWidth", "hiragana": "hiragana",
    "hiragana-iroha": "hiraganaIroha", "korean-hangul-formal": "koreanCounting",
    "korean-hanja-informal": "japaneseCounting", "hangul": "ganada", "hangul-consonant": "chosung",
    "arabic-indic": "arabicNumbers", "persian": "persianNumbers", "devanagari": "hindiNumbers",
    "thai": "thaiNumbers", "hebrew": "hebrew1", "disc": "bullet", "circle": "bullet", "square": "bullet",
    "disclosure-open": "bullet", "disclosure-closed": "bullet",
}  # fmt: skip
"""What HTML, CSS and OpenDocument call a style."""

_SAMPLED = 3  # numbers of a sample ("一, 二, 三, ...") that tell the style


def write_number(number: int, style: str) -> str:
    """Return a number in a style; in decimal digits where the style is not known or has no sign for it.

    >>> [write_number(12, style) for style in ("decimalZero", "upperRoman", "lowerLetter", "chineseCounting")]
    ['12', 'XII', 'l', '十二']
    >>> [write_number(3, style) for style in ("ordinal", "ordinalText", "ideographTraditional", "none")]
    ['3rd', 'Third', '丙', '']
    """
    if style in ("none", "bullet"):
        return ""
    written = ""
    if style in _LETTERS and number > 0:
        letters = _LETTERS[style]
        turns, place = divmod(number - 1, len(letters))
        written = letters[place] * (turns + 1) if turns < _MOST_REPEATS else ""
    elif style in _ONCE and 0 < number <= len(_ONCE[style]):
        written = _ONCE[style][number - 1]
    elif style in _DIGITS and number >= 0:
        written = "".join(_DIGITS[style][int(digit)] for digit in str(number))
    elif style in _COUNTED and 0 <= number <= _MOST_COUNTED:
        written = _count(number, style)
    elif style.startswith("padded") and style[6:].isdecimal():
        written = str(number).zfill(min(int(style[6:]), _MOST_REPEATS))
    elif style in _WRITERS and number > 0:
        written = _WRITERS[style](number)
    return written or str(number)


def style_named(name: str) -> str:
    """Return the style that a name of HTML, CSS or OpenDocument means, or a sample of it; else the name itself.

    >>> style_named("lower-roman"), style_named("一, 二, 三, ..."), style_named("001, 002, 003, ...")
    ('lowerRoman', 'chineseCounting', 'padded3')
    """
    bare = name.strip()
    if bare in _NAMES or bare.lower() in _NAMES:
        return _NAMES.get(bare) or _NAMES[bare.lower()]
    sample = [part.strip() for part in bare.split(",")][:_SAMPLED]
    if len(sample) < 2:
        return bare
    if sample[0].isascii() and sample[0].isdecimal() and sample[0].startswith("0"):
        return f"padded{len(sample[0])}"
    return _samples().get((sample[0], sample[1]), bare)


@cache
def _samples() -> dict[tuple[str, str], str]:
    """Return the first two numbers to the style that writes them so."""
    styles = [*_LETTERS, *_ONCE, *_DIGITS, *reversed(_COUNTED), *_WRITERS, "decimal"]
    found = {(write_number(1, style), write_number(2, style)): style for style in styles}
    # With further zeros and tens the Chinese and Japanese ways part; samples do not go that far.
    return found | {("一", "二"): "chineseCounting", ("א", "י"): "hebrew1", ("A", "B"): "upperLatin"}


def _count(number: int, style: str) -> str:
    """Return a number as it is counted in Chinese characters and their kin: 一百零五, 壹佰零伍, 百五."""
    digits, steps, myriad, bare, zeros = _COUNTED[style]
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = digits[0] if zeros and 0 < low < 1000 else ""
        return _count(high, style) + myriad + gap + (_count(low, style) if low else "")
    written, waiting = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if not digit:
            waiting = bool(written)
            continue
        written += digits[0] if waiting and zeros else ""
        waiting = False
        step = steps[power - 1] if power else ""
        silent = digit == 1 and power and bare and (not zeros or (power == 1 and not written))
        written += step if silent else digits[digit] + step
    return written or digits[0]


def _roman(number: int) -> str:
    written = ""
    for size, sign in _ROMAN if number <= _MOST_ROMAN else ():
        written, number = written + sign * (number // size), number % size
    return written


def _latin(number: int) -> str:
    """Return letters as columns of sheets have them: ``z``, ``aa``, ``ab``."""
    written = ""
    while number:
        number, place = divmod(number - 1, 26)
        written = _LATIN[place] + written
    return written


def _ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _cardinal_text(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_SMALL[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{_SMALL[number // 100]} hundred" + (f" {_cardinal_text(number % 100)}" if number % 100 else "")
    return ""


def _ordinal_text(number: int) -> str:
    words = _cardinal_text(number)
    head, part, last = words.rpartition("-") if "-" in words.rpartition(" ")[2] else words.rpartition(" ")
    ending = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th" if last else "")
    return head + part + ending


def _korean(number: int) -> str:
    return _KOREAN_TENS[number // 10] + _KOREAN_ONES[number % 10] if number < 100 else ""


def _vietnamese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else "mười" if tens == 1 else f"{_VIETNAMESE[tens]} mươi" if tens < 10 else ""
    return f"{head} {_VIETNAMESE[ones]}".strip() if number < 100 else ""


def _hebrew(number: int) -> str:
    written = ""
    for size, sign in _HEBREW if number < 1000 else ():
        written, number = written + sign * (number // size), number % size
    return written


_WRITERS: dict[str, Callable[[int], str]] = {
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "lowerLatin": _latin,
    "upperLatin": lambda number: _latin(number).upper(),
    "ordinal": _ordinal,
    "cardinalText": lambda number: _cardinal_text(number).capitalize(),
    "ordinalText": lambda number: _ordinal_text(number).capitalize(),
    "hex": lambda number: f"{number:X}",
    "chicago": lambda number: _CHICAGO[(number - 1) % 4] * min((number - 1) // 4 + 1, _MOST_REPEATS),
    "numberInDash": lambda number: f"- {number} -",
    "koreanLegal": _korean,
    "vietnameseCounting": _vietnamese,
    "hebrew1": _hebrew,
}
