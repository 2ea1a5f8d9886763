"""Words in a document that speak to a machine, not to a reader: they are never quoted."""

from __future__ import annotations

import re

_ORDER = (
    "reply|respond|answer|write|say|state|print|output|translate|render|encrypt|encode|reverse|rewrite|repeat|tell"
    "|add|append|augment|include|insert|mention|use|ignore|pretend|act|summari[sz]e|convert|provide|generate|reveal"
)
_REPLY = "reply|replies|response|responses|answer|answers|output|message|text|summary"
_PATTERNS = [
    # "ignore all previous instructions"
    r"\b(?:ignore|disregard|forget|overlook|override|bypass|neglect)\b.{0,40}"
    r"\b(?:instructions?|prompts?|rules|directives?|guidelines|(?:previous|prior|above|preceding|earlier)(?! (?:year|month)))\b",
    r"\b(?:ignore|disregard) (?:the|this|that) (?:\w+ ){0,2}and (?:state|say|print|output|reply|tell)\b",
    r"\b(?:system|developer|hidden|initial) (?:prompt|message|instructions?)\b",
    r"\b(?:as|you are|you're|act as|pretend (?:to be|you are)|imagine you(?:'re| are)) (?:now )?(?:an? )?"
    r"(?:\w+ )?(?:ai|a\.i\.|language model|llm|chatbot|assistant|dan)\b",
    r"\b(?:jailbreak|developer mode|debug mode|prompt injection|do anything now)\b",
    # orders about the reply: "Reverse your answer", "use emojis in your response", "reply in German"
    rf"^\W*(?:please |kindly |now |then |can you |could you |would you |you (?:must|should) )*(?:{_ORDER})\b.{{0,80}}"
    rf"\byour (?:\w+ ){{0,3}}(?:{_REPLY})\b",
    r"\b(?:in|into|of|to|with|modify|enhance|edit|change|alter|shorten|invert|reverse) your (?:\w+ )?"
    r"(?:answers?|responses?|replies|reply|output)\b",
    r"\bletters? (?:in|of|with)\b.{0,40}\b(?:message|answer|numbers?|symbols?)\b",
    r"^\W*(?:please |kindly |can you |could you )*(?:reply|respond|answer|write|speak)\b.{0,30}\b(?:in|using|with|only)\b"
    r" (?:reverse|backwards?|german|french|spanish|italian|english|chinese|base ?\d+|code|emoji|rhyme|all caps)",
    rf"^\W*(?:reply|respond|answer|write)\b.{{0,30}}\b(?:{_REPLY} )?(?:backwards?|in reverse)\b",
    r"\b(?:reply|respond|answer) (?:only )?with (?:the )?(?:following|exactly|just)\b",
    r"\btell (?:the )?(?:user|customer|reader)s? (?:to|that)\b",
    r"\b(?:user|human|assistant|system) ?(?:input|query|message|prompt) ?:",
    r"^\s*(?:system|assistant|user|human|instruction|prompt)\s*:\s",
    # code
    r"```|^\s*(?:import \w+(?:\.\w+)*\s*$|from \w+(?:\.\w+)* import|def \w+\(|subprocess\.|os\.\w+\(|print\()|<script\b|</?code>",
    # the same in Chinese
    r"(?:忽略|无视|無視|忘记|忘記|忘掉|不要理会|不要理會|跳过|绕过).{0,16}(?:指令|指示|提示|命令|规则|規則|说明|說明|之前|以上|上述|前面)",
    r"(?:系统|系統)(?:提示词|提示詞|指令)|(?:提示词|提示詞)|越狱模式|开发者模式",
    r"你(?:现在|現在)?(?:是|扮演|作为).{0,10}(?:AI|人工智能|人工智慧|语言模型|語言模型|机器人|機器人|助手|助理)",
    r"^\W*(?:请|請)?(?:用|以|在)?.{0,12}(?:回复|回覆|回答|输出|輸出)(?:中|里|时)?.{0,12}(?:加上|插入|翻译|加密|倒序|反转|添加|写明|告诉)",
    r"(?:告诉|告訴)(?:用户|用戶|客户|客戶|顾客)(?:，|,|：|:|说|他)",
]
_PLANTED = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), re.IGNORECASE | re.MULTILINE)
_ZERO_WIDTH = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


def is_planted(sentence: str) -> bool:
    """Tell whether a sentence gives orders to a machine that reads it, or is program code."""
    return _PLANTED.search(_ZERO_WIDTH.sub("", sentence)) is not None
