"""Messages that ask nothing: a greeting, thanks, a goodbye. No document answers them."""

from __future__ import annotations

import re

from assistant.phrases import phrase

_THERE = r"(?:\s+(?:there|all|everyone|everybody|again|team|bot|assistant))?"
_VERY = r"(?:\s+(?:so much|very much|a lot|a million|again|for (?:your|the|all your) (?:help|answer|time)))*"
_PATTERNS = {
    "greeting": rf"(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings){_THERE}"
    r"(?:,? how are you(?: today)?)?"
    r"|(?:您好|你好|大家好|哈[喽啰]|嗨|早上好|早安|上午好|下午好|晚上好|在吗|有人吗|在不在)[啊呀哦哈]?",
    "thanks": r"(?:(?:ok(?:ay)?|great|perfect|super|cool|got it|alright|wonderful|that help(?:s|ed))[,.!\s]+)*"
    r"(?:many thanks|thanks|thank you|thx|ty|cheers|much appreciated)"
    rf"{_VERY}(?:[,.!\s]+(?:bye|goodbye|that'?s all))?"
    r"|(?:好的?|行|嗯|明白了?|知道了|太好了)?[，,。！!\s]*(?:非常|太|十分)?(?:谢谢|谢了|多谢|感谢|辛苦)"
    r"[您你了啦啊哦]*",
    "goodbye": r"(?:bye|goodbye|bye[- ]?bye|see you(?: later| soon)?"
    r"|have a (?:nice|good|great) (?:day|evening|weekend))"
    r"|(?:再见|拜拜|回头见|下次再聊)[啦了]?",
}
_SMALL_TALK = {kind: re.compile(rf"\W*(?:{pattern})\W*", re.IGNORECASE) for kind, pattern in _PATTERNS.items()}
_LONGEST = 60  # characters


def small_talk(message: str) -> str:
    """Return ``greeting``, ``thanks`` or ``goodbye`` for a message that is nothing else; empty for any other."""
    if len(message) > _LONGEST:
        return ""
    return next((kind for kind, pattern in _SMALL_TALK.items() if pattern.fullmatch(message)), "")


def asks_nothing(message: str, language: str) -> str:
    """Return what to say to an empty message, a greeting, thanks or a goodbye; empty where something is asked."""
    kind = small_talk(message) if message.strip() else "empty"
    return phrase(kind, language, example=phrase("example", language)) if kind else ""
