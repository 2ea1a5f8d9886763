"""What a sentence claims: its statements one by one; pleasantries and questions claim nothing."""

from __future__ import annotations

import re

from kb.language.conditions import FOLLOWS_FROM, Does, words_that
from kb.language.facts import facts
from kb.language.marks import without_bullet
from kb.language.text import asks, detect_language, fold, sentences, terms

_MARKS = re.compile(r"\s*(?:\[\d+\]|［\d+］|【\d+】)")
"""Citation marks."""
_ASKS_BY_PARTICLE = re.compile(r"(?:吗|呢)[。.]?\s*$")
_NO_CLAIM = [
    r"(?:i|we) hope (?:this|that|it)\b.{0,60}",
    r"(?:please )?(?:let (?:me|us) know|feel free|don'?t hesitate|do not hesitate)\b.{0,120}",
    r"(?:is there )?anything else\b.{0,60}",
    r"(?:thank you|thanks|many thanks)\b.{0,80}",
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))\b.{0,40}",
    r"(?:you(?:'re| are) welcome|my pleasure|no problem|of course|sure|certainly|absolutely|great|okay|ok|yes|no)\b[\s,!.]*",
    r"(?:have a (?:nice|great|good|lovely)|wish(?:ing)? you|best regards|kind regards|take care|goodbye|bye)\b.{0,60}",
    r"(?:i(?:'m| am)|we(?:'re| are)) (?:happy|glad|here|sorry|afraid|pleased)\b(?! that).{0,80}",
    r"(?:sorry|apologies|i apologi[sz]e|we apologi[sz]e)\b.{0,60}",
    r"(?:so )?(?:the|your|my) (?:short )?answer (?:is|would be|to (?:this|that|your question) is)[\s,:]*[\"“']?(?:yes|no)\b.{0,3}",
    r"(?:that|this|it)(?:'?s| is| would be)(?: not|n't)? (?:correct|right|true|wrong|false|the case)\b.{0,3}",
    r"(?:所以)?(?:答案|回答)(?:是|为)[“\"]?(?:否定的?|肯定的?|是的?|不是|否|可以|不可以|不)[”\"]?[。.]?",
    r"(?:that'?s|what) a (?:good|great) question\b.{0,20}",
    r"(?:good|great) question\b.{0,20}",
    r"(?:if you have|should you have|for) (?:any )?(?:more|other|further|additional)? ?(?:questions?|help)\b.{0,100}",
    r"(?:here(?:'s| is| are)|below (?:is|are)|the following)\b[^.]{0,60}:?",
    r"(?:as follows|in short|in summary|to sum up|for example)\b[\s:,.]*",
    r"(?:希望|祝)(?:这|以上|能|对|您|你|上述).{0,24}",
    r"(?:如果|如|若|假如)?(?:您|你)?(?:还)?(?:有|需要)(?:任何|其他|其它|更多|别的)?(?:的)?(?:疑问|问题|帮助|需要).{0,24}",
    r"(?:您好|你好|亲爱的|亲|尊敬的|早上好|下午好|晚上好).{0,12}",
    r"(?:谢谢|感谢|多谢).{0,20}",
    r"(?:不客气|好的|没问题|当然|是的|再见|抱歉|很抱歉|对不起|不好意思|很高兴|请随时|随时|欢迎).{0,24}",
    r"(?:以下是|如下|具体如下|总之|综上).{0,16}",
]  # fmt: skip
_SAYS_NOTHING = re.compile(rf"\s*(?:{'|'.join(_NO_CLAIM)})\s*", re.IGNORECASE)
_LEAD_IN = re.compile(
    r"^\s*(?:(?:yes|no|sure|certainly|of course|hello|hi|sorry|thanks|thank you|unfortunately|according to (?:the|our) "
    r"(?:documents?|polic(?:y|ies)|sources?|context|passages?))\s*[,!.:]\s+"
    r"|(?:您好|你好|好的|是的|不是|可以的|当然|抱歉|很抱歉|谢谢|根据(?:我们的|公司)?(?:文件|政策|资料|规定))\s*[，,！!：:。]\s*)+",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"\s*[;；]\s*"
    r"|,\s+(?:but|while|whereas)\s+|,\s+and\s+(?=(?:you|we|it|they|he|she|this|that|there|the|your|our|its|their|a|an)\s)"
    r"|，\s*(?:但是?|不过|而且|并且|同时|然而|此外|另外)\s*",
    re.IGNORECASE,
)
_CONDITION = words_that(Does.SETS | Does.LIFTS | Does.LIMITS, also=("because", "但书"), further=FOLLOWS_FROM)
"""Words of a sentence that is cut at semicolons alone: what they say belongs to all of it."""
_SHORTEST = 3
"""Terms of a claim that stands on its own."""


def split_claims(sentence: str) -> list[str]:
    """Return the statements in ``sentence``, in order; none for greetings, offers of help and questions.

    A condition stays with what it is a condition of, so a sentence that has one is cut only at semicolons.

    >>> split_claims("Sure! Returns are free of charge, but delivery costs 5 euro.")
    ['Returns are free of charge', 'delivery costs 5 euro.']
    """
    found: list[str] = []
    for part in sentences(_MARKS.sub("", sentence)):
        plain = without_bullet(part).strip()
        if not plain or asks(plain) or _ASKS_BY_PARTICLE.search(plain):
            continue
        claim = _LEAD_IN.sub("", plain).strip()
        if not claim or _says_nothing(claim):
            continue
        found += [piece for piece in _pieces(claim) if not _says_nothing(piece)]
    return found


def _says_nothing(text: str) -> bool:
    folded = fold(text).strip(" .!,:;。！，：；~～")
    if not terms(folded):
        return True
    return _SAYS_NOTHING.fullmatch(folded) is not None and not facts(text)


def _pieces(claim: str) -> list[str]:
    joints = [joint for joint in _JOINT.finditer(claim) if _may_cut(claim, joint)]
    pieces: list[str] = []
    begin = 0
    for joint in joints:
        if _long_enough(claim[begin : joint.start()]) and _long_enough(claim[joint.end() :]):
            pieces.append(claim[begin : joint.start()].strip())
            begin = joint.end()
    pieces.append(claim[begin:].strip())
    return pieces


def _may_cut(claim: str, joint: re.Match[str]) -> bool:
    return joint.group().strip() in {";", "；"} or not _CONDITION.search(claim)


def _long_enough(text: str) -> bool:
    weight = 2 if detect_language(text) == "zh" else 1
    return len(terms(text)) >= _SHORTEST * weight
