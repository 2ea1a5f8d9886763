"""Messages about the answer before them: shorter, in another language, where does it say that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.types import Message, Wish
from assistant.understand.small_talk import small_talk

_PLEASE = r"(?:please|pls|can you|could you|would you|ok|okay|and|now|sorry|hey)?[,\s]*"
_PATTERNS = {
    Wish.SHORTER: rf"{_PLEASE}(?:(?:make|say|keep|put) (?:it|that|this) )?(?:a bit |much "
    rf"|even )?(?:shorter|short|briefer|brief|more briefly"
    r"|in short|in brief|tl;?dr|summari[sz]e(?: (?:it|that|this))?|(?:in )?one sentence"
    r"|too long)(?: version)?(?:,? please)?"
    r"|(?:请|麻烦)?(?:再)?(?:简短|简单|简洁|精简|短|扼要)(?:一?点|一?些|地?说)?(?:说|讲|概括"
    r"|总结)?(?:吧|好吗|可以吗)?|(?:太长了?)(?:，.{0,8})?"
    r"|(?:请)?(?:用)?一句话(?:说|总结|概括)?(?:一下)?|(?:长话短说|简而言之)",
    Wish.CHINESE: rf"{_PLEASE}(?:say (?:it|that)|answer|reply|write|translate(?: (?:it|that|this))?"
    rf"|repeat(?: (?:it|that))?)?\s*"
    r"(?:in|into|to)? ?(?:simplified |mandarin )?chinese(?:,? please)?"
    r"|(?:请|麻烦)?(?:您|你)?(?:用|说|翻译成|翻成|换成|改成|能用)?(?:简体)?(?:中文|汉语|普通话)(?:说|讲"
    r"|回答|回复|解释|再说)?(?:一下|一遍|吗|吧|好吗|可以吗|谢谢)?",
    Wish.ENGLISH: rf"{_PLEASE}(?:say (?:it|that)|answer|reply|write|translate(?: (?:it|that|this))?"
    rf"|repeat(?: (?:it|that))?)?\s*"
    r"(?:in|into|to)? ?english(?:,? please)?"
    r"|(?:请|麻烦)?(?:您|你)?(?:用|说|翻译成|翻成|换成|改成|能用)?(?:英文|英语)(?:说|讲|回答|回复|解释"
    r"|再说)?(?:一下|一遍|吗|吧|好吗|可以吗|谢谢)?",
    Wish.WHERE: rf"{_PLEASE}where (?:exactly )?(?:does|do|did) (?:it|that|this|you|they|he|she) (?:say"
    rf"|get|find|read|have|take|state|come)"
    r"(?: (?:it|that|this|so))?(?: from)?"
    rf"|{_PLEASE}where (?:exactly )?(?:is|was) (?:it|that|this) (?:written|stated|said|from|found"
    rf"|coming from)(?: down)?"
    rf"|{_PLEASE}(?:in |on )?which (?:document|page|section|policy|paragraph|file)(?: \w+){{0,5}}"
    r"|(?:what(?:'s| is) (?:the|your) source|source|sources|show me (?:the )?(?:source|sources|quote)"
    r"|says who|how do you know(?: that)?)"
    r"|(?:这|这个|这条|上面|刚才)?(?:是)?(?:在)?(?:哪里?|哪儿|哪份文件|哪一页|哪个文件|哪条)(?:有|是"
    r"|里)?(?:写|说|规定|提到|看到)(?:的|着|过)?(?:呢|啊)?"
    r"|(?:出处|来源|依据)(?:是什么|在哪里?|呢)?|(?:有什么)?(?:依据|根据)(?:吗|呢)?",
    Wish.YES_OR_NO: rf"{_PLEASE}(?:(?:so,? )?(?:is|was) (?:that|it|this) (?:a )?|so,? |just )?"
    r"(?:yes or (?:a )?no|no or (?:a )?yes)(?:[,?.]? .{0,40})?"
    r"|(?:所以|那么?|到底|请|就|直接)*(?:您|你)?(?:说|回答|告诉我)?是?"
    r"(?:可以还是不(?:可以|行)|能还是不能|行还是不行|是还是(?:不是|否)|有还是没有|会还是不会)",
}  # fmt: skip
_WISHES = {
    wish: re.compile(rf"\s*(?:{pattern})\s*[.!?。！？]*\s*", re.IGNORECASE) for wish, pattern in _PATTERNS.items()
}
_LONGEST = 60  # characters of a message that is about the answer and nothing else


def read_wish(message: str, history: Sequence[Message]) -> Wish | None:
    """Return what a message wants of the answer before it; None for a question, or where nothing was answered."""
    if len(message) > _LONGEST or not any(m.role == "assistant" for m in history):
        return None
    return next((wish for wish, pattern in _WISHES.items() if pattern.fullmatch(message)), None)


def last_question(history: Sequence[Message]) -> tuple[str, Sequence[Message]] | None:
    """Return the customer's last real question and the conversation before it; None if there was none."""
    for place in range(len(history) - 1, -1, -1):
        message = history[place]
        if message.role == "customer" and not _about_the_answer(message.text, history[:place]):
            return message.text, history[:place]
    return None


def _about_the_answer(message: str, history: Sequence[Message]) -> bool:
    return read_wish(message, history) is not None or bool(small_talk(message))
