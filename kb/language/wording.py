"""What turns a sentence round, and whom it is about: negations, and names; English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from kb.language.numerals import half_width
from kb.language.text import HAN, fold, terms

Span = tuple[int, int]
"""Start and end offset in a text."""

_NEGATION = re.compile(
    r"""(?P<limit>\bno[tr]?\s+(?:less|more|fewer|later|longer|earlier|greater)\s+than\b|\bnot\s+only\b|\bno\.\s?\d
          |\bnot\s+exceed(?:ing)?\b|\bno\s+matter\b|\bno\s+doubt\b|\bwhether\s+or\s+not\b|\bor\s+not\b
          |不(?:得|能|可)?(?:超过|少于|低于|高于|多于|晚于|迟于|早于)|不仅|不但|不论|不管|不同|不断|不足|不满|不妨|不过|不错
          |不久|不料|不禁|不愧|不由|不止|不只|不光|不少|不如|不幸|不便|不良|不定期|不可抗力|不动产|不锈钢|无论|无人机|无线|无理由
          |无数|无疑|无非|未来|未必|未免|非常|非洲|非法|除非|莫非|是否|是不是|能不能|会不会|可不可以|有没有|要不要|对不起|差不多
          |了不起|来不及|要不是|没关系|没收|别墅|别人|别的|区别|特别|类别|级别|分别|性别|个别|识别)
      | (?P<no>\b(?:not|never|no|none|nor|neither|without|cannot|nobody|nothing|nowhere|hardly|rarely|unable)\b
          |(?<=\w)n['’]t\b|\b(?:isn|don|doesn|didn|won|can|couldn|wouldn|shouldn|aren|wasn|weren|hasn|haven)t\b
          |不|没有|没|未|无法|无需|无须|毫无|无|并非|绝非|(?<![\w])非|勿|禁止|严禁|休想|别)""",
    re.VERBOSE | re.IGNORECASE,
)
_CAPITALISED = re.compile(
    r"(?<![\w'’.-])[A-Z][\w'’]*(?:-[A-Z][\w]*)*(?:(?:\s+(?:of|the|de|la|van|von|&)\s+|\s+)[A-Z][\w'’]*(?:-[A-Z]\w*)*)*"
)
_TITLED = re.compile(r"《([^《》]{1,40})》|“([^“”]{2,40})”|「([^「」]{2,40})」")
_LATIN_IN_HAN = re.compile(rf"(?<![A-Za-z])[A-Za-z][A-Za-z0-9+.]{{1,}}(?=[\s{HAN}，。、；：）)]|$)")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;。！？：；\n•*“\"(（-])\s*$")


def negations(text: str) -> list[Span]:
    """Return the spans of the words that negate; limits ("no more than", 不超过) and idioms do not.

    >>> text = "No more than two, and not in cash."
    >>> [text[start:end] for start, end in negations(text)]
    ['not']
    """
    return [found.span() for found in _NEGATION.finditer(text) if found["no"]]


def names(text: str) -> list[Span]:
    """Return the spans of names.

    Capitalised words (not a sentence's first, if ordinary), titles, and Latin words in a Chinese sentence.

    >>> text = "You can pay with Apple Pay in Berlin."
    >>> [text[start:end] for start, end in names(text)]
    ['Apple Pay', 'Berlin']
    """
    plain = half_width(text)
    found = [match.span(match.lastindex or 0) for match in _TITLED.finditer(plain)]
    if re.search(f"[{HAN}]", plain):
        found += [match.span() for match in _LATIN_IN_HAN.finditer(plain)]
        return _without_overlap(found)
    for match in _CAPITALISED.finditer(plain):
        start, end = match.span()
        if _SENTENCE_START.search(plain[max(0, start - 4) : start]):
            first = re.match(r"\S+\s*", plain[start:end])
            word = plain[start:end].split()[0]
            if word.casefold() in _openers() or (" " not in plain[start:end] and word[1:].islower()):
                start += first.end() if first else 0
        if start < end and plain[start:end].casefold() not in _openers():
            found.append((start, end))
    return _without_overlap(found)


_OPPOSITES = [
    tuple(side.split("/") for side in pair.split("|"))
    for pair in (
        "allow/permit/may/can|forbid/prohibit/ban/refus/reject/disallow", "includ/contain/cover|exclud/except/omit",
        "free/waiv/complimentari|charg/fee/cost/paid/pay", "open/start/begin/launch|close/shut/end/stop/finish",
        "accept/approv/agre/grant|reject/refus/deni/declin/disagre", "increas/rise/rose/grow/grew/higher/up/more/gain"
        "|decreas/fall/fell/drop/declin/lower/down/less/fewer/reduc/lost", "befor/earlier/prior|after/later/follow",
        "first|last", "always/alway|never/rare/sometim", "all/everi/everybodi/everyon/both|none/nobodi/some/neither/few",
        "requir/must/need/mandatori/compulsori|option/voluntari/optional", "cheap/cheaper|expens/expensive/dearer",
        "love/like/enjoy|hate/dislik", "win/won/winner|lose/lost/loser", "major/most|minor/minority/few",
        "success/succeed|fail/failur", "buy/bought/buyer|sell/sold/seller", "arriv/come/enter|leav/left/depart",
        "same|differ/anoth", "remain/stay/keep/kept/still|chang/move/leav/left/longer", "onlin|offlin/door/person",
        "valid|invalid/expir", "possibl|imposs", "elig/entitl|inelig", "safe/harmless|danger/danger/poison",
        "early|late", "minimum/least|maximum/most", "北|南", "东|西", "增/升/涨/提高/扩大/上升/增加|减/降/跌/降低/缩小/下降/减少/收紧",
        "可以/允许/准许/能够|不得/禁止/严禁/不能/不可", "包括/包含/含|除外/不含/不包括", "免费|收费/付费/付款/支付", "先|后", "大|小",
        "多|少", "高|低", "快|慢", "长|短", "早|晚/迟", "买|卖", "进口|出口", "同意/批准/赞成/支持|反对/拒绝/驳回", "有效|无效/失效",
        "所有/全部/任何/一律/都|个别/部分/有的/少数/除", "开始/开放/开通|结束/停止/关闭/停运", "盈利|亏损", "喜欢/爱|讨厌/恨", "胜/赢|败/输",
        "成功|失败", "城|乡/村", "新|旧/老", "贵|便宜", "容易|困难/难", "安全|危险", "仍/还在|已不", "承担|不承担/免除", "前|后", "里/内|外",
        "白天/早上/上午|晚上/夜/下午", "冷|热/暖", "相同/一样/相似|不同/不一样", "买方/买受人/消费者/租客|卖方/出卖人/经营者/商家/房东",
    )
]  # fmt: skip


def opposed(claim: str, source: str) -> int:
    """Return how many words of ``claim`` stand in ``source`` only as their opposite; both are one sentence, or a few.

    >>> opposed("Returns are free.", "Returns are charged.")
    1
    """
    one, other = _stems(claim), _stems(source)
    count = 0
    for left, right in _OPPOSITES:
        for mine, theirs in ((left, right), (right, left)):
            here, there = _any(mine, *one), _any(theirs, *other)
            count += here and there and not _any(mine, *other) and not _any(theirs, *one)
    return count


def _stems(text: str) -> tuple[frozenset[str], str]:
    return frozenset(terms(text)), fold(text)


def _any(words: Iterable[str], stems: frozenset[str], text: str) -> bool:
    return any(word in stems if word.isascii() else word in text for word in words)


def _without_overlap(spans: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for start, end in sorted(spans):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


@cache
def _openers() -> frozenset[str]:
    """Words that are capitalised for standing first, and the like."""
    words = """a an the this that these those it its i we you he she they his her their our your my there here in on
        at by for from to of with as if when while where after before since until although though because but and or
        so no not yes all any some each every both most many more other another such what which who whose how why
        please also however then therefore thus during between about under over once only one two three first
        i'm i'd i've i'll it's we're you're they're that's don't can't is are was were do does did has have had can
        could may might must shall should will would let's let contact call visit ask send use see note"""
    return frozenset(words.split())


def name_words(text: str, span: Span) -> list[str]:
    """Return the folded words of a name that another text must hold: without small words and the possessive."""
    words = re.findall(rf"[{HAN}]+|[^\W_{HAN}]+", fold(re.sub(r"['’]s\b", "", text[slice(*span)])))
    return [word for word in words if word not in {"of", "the", "de", "la", "van", "von", "s"}]
