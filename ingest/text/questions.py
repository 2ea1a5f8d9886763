"""Is this line a question? English and Chinese, with or without a question mark."""

from __future__ import annotations

import re

from kb.language.marks import unnumbered
from kb.language.text import asks

MAX_QUESTION_CHARACTERS = 200  # a longer line is a paragraph that happens to end in a question
MAX_ANSWER_CHARACTERS = 1500  # more text than this under a heading is a chapter, not an answer

_CLOSERS = " \t*_\"'”’」』)）】]"
_ENGLISH = re.compile(
    r"""(?:(?:how|what|when|where|why|who|whom|whose|which)(?:'s|’s)?\s+
            (?:do|does|did|can|could|should|shall|is|are|am|was|were|will|would|has|have|had|may|might|must|to|long
              |much|many|often|far|soon|fast|old|big|else|if|happens|happened)\b
        | (?:can|could|do|does|did|is|are|am|was|were|will|would|should|shall|may|must|have|has)\s+
            (?:i|we|you|he|she|they|it|there|my|our|your|the|a|an|this|that|these|those|any|anyone|someone|all)\b
        | what\s+(?:\w+\s+){1,2}(?:do|does|did|can|should|is|are|will|would)\b
        | which\s+(?:\w+\s+){1,2}(?:do|does|did|can|should|is|are|will|would)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_CHINESE = re.compile(
    """怎么|怎麼|怎样|怎樣|如何|为什么|為什麼|为何|為何|能否|可否|是否|能不能|可不可以|有没有|有沒有|是不是|会不会|會不會
    |要不要|需不需要|什么时候|什麼時候|何时|何時|多少|多久|多长时间|多長時間|哪些|哪里|哪裡|哪儿|哪个|哪個|哪种|哪種
    |(?:^|是|有|用)(?:什么|什麼)|(?:什么|什麼|谁|誰|吗|嗎|呢|几天|幾天)$""",
    re.VERBOSE,
)
_CHINESE_STATEMENT_END = "。；;，,：:！"


def is_question(line: str) -> bool:
    """Tell whether ``line`` asks something: it ends in a question mark or is worded as a question."""
    bare = line.strip(_CLOSERS)
    if not bare or len(bare) > MAX_QUESTION_CHARACTERS or "\n" in bare:
        return False
    if asks(bare):
        return True
    bare = unnumbered(bare)
    if bare.endswith((".", *_CHINESE_STATEMENT_END)):
        return False
    return bool(_ENGLISH.match(bare) or _CHINESE.search(bare))
