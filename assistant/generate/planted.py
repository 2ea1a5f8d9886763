"""Words in a document that speak to a machine, not to a reader: they are never quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from kb.text import detect_language, terms

_ORDER = (
    "reply|respond|answer|write|say|state|print|output|translate|render|encrypt|encode|reverse|rewrite|repeat|tell"
    "|add|append|augment|include|insert|mention|use|ignore|pretend|act|summari[sz]e|convert|provide|generate|reveal"
)
_REPLY = "reply|replies|response|responses|answer|answers|output|message|text|summary"
_PATTERNS = [
    # "ignore all previous instructions"
    r"\b(?:ignore|disregard|forget|overlook|override|bypass|neglect)\b.{0,40}"
    r"\b(?:instructions?|prompts?|rules|directives?|guidelines|(?:previous|prior|above|preceding"
    r"|earlier)(?! (?:year|month)))\b",
    r"\b(?:ignore|disregard) (?:the|this|that) (?:\w+ ){0,2}and (?:state|say|print|output|reply|tell)\b",
    r"\b(?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b",
    r"\b(?:as|you are|you're|act as|pretend (?:to be|you are)|imagine you(?:'re| are)) (?:now )?(?:an? )?"
    r"(?:\w+ )?(?:ai|a\.i\.|language model|llm|chatbot|assistant|dan)\b",
    r"\b(?:jailbreak|developer mode|debug mode|prompt injection|do anything now)\b",
    # orders about the reply: "Reverse your answer", "use emojis in your response", "reply in German"
    rf"^\W*(?:please |kindly |now |then |can you |could you |would you |you (?:must"
    rf"|should) )*(?:{_ORDER})\b.{{0,80}}"
    rf"\byour (?:\w+ ){{0,3}}(?:{_REPLY})\b",
    r"\b(?:in|into|of|to|with|modify|enhance|edit|change|alter|shorten|invert|reverse) your (?:\w+ )?"
    r"(?:answers?|responses?|replies|reply|output)\b",
    r"\bletters? (?:in|of|with)\b.{0,40}\b(?:message|answer|numbers?|symbols?)\b",
    r"^\W*(?:please |kindly |can you |could you )*(?:reply|respond|answer)\b.{0,30}\b(?:in"
    r"|using|with|only)\b"
    r" (?:reverse|backwards?|german|french|spanish|italian|english|chinese|base ?\d+|code|emoji|rhyme"
    r"|all caps)",
    rf"^\W*(?:reply|respond|answer|write)\b.{{0,30}}\b(?:{_REPLY} )?(?:backwards?|in reverse)\b",
    r"\b(?:reply|respond|answer) (?:only )?with (?:the )?(?:following|exactly|just)\b",
    r"\btell (?:the )?(?:user|customer|reader)s? (?:to|that)\b",
    r"\b(?:user|human|assistant|system) ?(?:input|query|message|prompt) ?:",
    r"^\s*(?:system|assistant|user|human|instruction|prompt)\s*:\s",
    # what is to be put into the reply, or got out of the reader
    r"\b(?:following|subsequent|below|this|given) code "
    r"(?:blocks?|snippets?|excerpts?|sections?|segments?|fragments?)\b",
    r"\b(?:can|could|would|will) you (?:please )?(?:share|tell|give|reveal|confirm|disclose)\b.{0,30}"
    r"\b(?:password|secret|prompt)\b",
    r"\bwhat(?:'s| is| are| would) (?:be )?your (?:\w+ )?(?:passwords?|secrets?|prompt|instructions?)\b",
    r"\bwhat would your (?:password|secret|prompt)\b|\byour password with (?:me|us)\b",
    r"\byou(?:'ve| have| were|'re)? been (?:instructed|told|programmed) (?:before|previously|earlier|to)\b",
    r"\bI(?:'m| am) (?:your|the \w+ of your|god\b)",
    r"(?:告诉|告訴)我.{0,8}(?:密码|密碼)|你的(?:密码|密碼|口令|提示词)是(?:什么|什麼)",
    # code
    r"```|^\s*(?:import \w+(?:\.\w+)*\s*$|from \w+(?:\.\w+)* import|def \w+\(|subprocess\.|os\.\w+\("
    r"|print\()|<script\b|</?code>",
    # the same in Chinese
    r"(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要理會|跳过|绕过).{0,16}(?:指令|指示|提示|命令|规则"
    r"|規則|说明|說明|之前|以上|上述|前面)",
    r"(?:系统|系統)(?:提示词|提示詞|指令)|(?:提示词|提示詞)|越狱模式|开发者模式",
    r"你(?:现在|現在)?(?:是|扮演|作为).{0,10}(?:AI|人工智能|人工智慧|语言模型|語言模型|机器人|機器人|助手|助理)",
    r"^\W*(?:请|請)?(?:用|以|在)?.{0,12}(?:回复|回覆|回答|输出|輸出)(?:中|里|时)?.{0,12}(?:加上|插入"
    r"|翻译|加密|倒序|反转|添加|写明|告诉)",
    r"(?:告诉|告訴)(?:用户|用戶|客户|客戶|顾客)(?:，|,|：|:|说|他)",
]
# Orders and questions that no document asks its reader: suspicious where the words are about nothing else there.
_ASKS_FOR_WORK = re.compile(
    r"^\W*(?:please |kindly |now |i want you to |i need you to |can you |could you |will you "
    r"|let's )*(?:provide (?:an? (?!brief)|the|your)|write (?:me|an?|the|\w+ code)"
    r"|generate"
    r"|create|draft|compose|describe|explain|summari[sz]e|translate|analy[sz]e|list|decode|decrypt"
    r"|imagine|classify|determine"
    r"|identify|(?:give|show|tell) me|suggest|recommend|calculate|compare|discuss|act|pretend|respond|reply"
    r"|answer|repeat|output"
    r"|employ|blend|incorporate|integrate|embed|adopt|insert|implement|combine|replace|rearrange"
    r"|use (?:the|an?)|in the form)\b"
    r"|^\W*(?:请|請)?(?:写|寫|生成|创作|翻译|翻譯|解释|总结|列出|描述|扮演|假装|重复|编写|输出)",
    re.IGNORECASE,
)
_CHAT = re.compile(
    r"\b(?:the user|user's|as an? (?:ai|expert)|your (?:instructions?|password|secret|prompt|creator)"
    r"|secret (?:key|code|word)"
    r"|ciphers?|rot13|base ?(?:16|32|64)|leetspeak|morse code|step \d+:|part \d+)\b",
    re.IGNORECASE,
)
# Somebody who talks to somebody: a document of a company says "we" and "you".
_SPEAKER = re.compile(
    r"\bI(?:'m|'ve|'ll|'d)?\b(?! ?[-/.)])|^\W*(?:suppose|imagine|let's say"
    r"|in a (?:hypothetical|world)|hypothetically)\b"
    r"|\byou (?:said|agreed|mentioned|promised|told me)\b"
    r"|^\W*(?:想象一下|假设你|假設你)|^\W*我(?:是|想|知道)|你.{0,14}(?:说过|說過|同意|答应)",
)
_FOREIGN = re.compile(
    r"\b(?:der|die|das|und|ich|nicht|ihnen|ihr|sie|wenn|mir|wie|los|las|el|que|una?|es|para|por|como|está|você|uma?|não"
    r"|les?|des|vous|est|dans|avec|il|di|che|sono|per|della|ao|meu|sua|os|las|anteriores)\b",
    re.IGNORECASE,
)
_FOREIGN_WORDS = 3  # from which on a sentence is in another language that is written like English
_CODE = re.compile(
    r"(?<![%{}])[{}](?![%{}])|</?\w+[^>]*>|\w+\.\w+\(|^\s*(?:with|for|if|try|while|def|class)\b.*:\s*$|\w+\s=\s\S",
    re.MULTILINE,
)
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1cff\u3040-\u30ff\uac00-\ud7ff]")  # neither Latin nor Chinese letters
_SHARED = 0.2  # of a sentence's words that stand elsewhere in its chunk; below, it is about something else

_PLANTED = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE | re.MULTILINE)
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


def is_planted(sentence: str) -> bool:
    """Tell whether a sentence gives orders to a machine that reads it, or is program code."""
    return _PLANTED.search(_ZERO_WIDTH.sub("", sentence)) is not None


def planted_places(sentences: Sequence[str], about: str) -> frozenset[int]:
    """Return which sentences of a chunk were planted, as far as that can be seen.

    Besides orders to a machine: code, questions, work that is asked for, words in another script, wherever they
    have next to nothing in common with the rest of the chunk; and what stands between two such sentences.

    Args:
        sentences: of one chunk, in order.
        about: its title, headings and stored question.
    """
    words = [_words(sentence) for sentence in sentences]
    certain = [is_planted(sentence) for sentence in sentences]
    script = Counter(detect_language(sentence) for sentence in [about, *sentences]).most_common(1)[0][0]
    doubtful = [planted or _speaks(sentence) for sentence, planted in zip(sentences, certain, strict=True)]
    known = [_words(about), *(w for w, doubt in zip(words, doubtful, strict=True) if not doubt)]
    count = Counter(word for group in known for word in group)  # what is doubtful does not speak for its like
    strange: list[bool] = []
    for place, (sentence, own) in enumerate(zip(sentences, words, strict=True)):
        shared = sum(count[word] > (not doubtful[place]) for word in own) / (len(own) or 1)
        strange.append(not certain[place] and bool(own) and shared < _SHARED)
        certain[place] = certain[place] or _looks_planted(sentence, strange[place], script)
    inside = False
    for place, sentence in enumerate(sentences):  # a block of code, from mark to mark
        certain[place] = certain[place] or inside
        inside ^= bool(sentence.count("```") % 2)
    firm = [planted and not _asks(sentence) for sentence, planted in zip(sentences, certain, strict=True)]
    for place in range(1, len(sentences) - 1):
        certain[place] = certain[place] or (strange[place] and firm[place - 1] and firm[place + 1])
    return frozenset(place for place, planted in enumerate(certain) if planted)


def _looks_planted(sentence: str, strange: bool, script: str) -> bool:
    if _OTHER_SCRIPT.search(sentence):
        return script in ("en", "zh")
    if script in ("en", "zh") and len(_FOREIGN.findall(sentence)) >= _FOREIGN_WORDS:
        return strange
    if _CODE.search(sentence) or _CHAT.search(sentence):
        return strange
    return strange and _speaks(sentence)


def _asks(sentence: str) -> bool:
    return sentence.rstrip().endswith(("?", "？"))


def _speaks(sentence: str) -> bool:
    """Tell whether a sentence is somebody's who talks to somebody: a question, work asked for, a speaker's I."""
    return _asks(sentence) or any(p.search(sentence) for p in (_ASKS_FOR_WORK, _SPEAKER))


def _words(text: str) -> frozenset[str]:
    """Return the words that say what a text is about: in Chinese pairs of characters, elsewhere long words."""
    return frozenset(term for term in terms(text) if len(term) >= (4 if term.isascii() else 2))
