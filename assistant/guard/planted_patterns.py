"""What words that speak to a machine look like: orders, questions, code, other scripts. Patterns only."""

from __future__ import annotations

import re

_ORDER = (
    "reply|respond|answer|write|say|state|print|output|translate|render|encrypt|encode|reverse|rewrite|repeat|tell"
    "|add|append|augment|include|insert|mention|use|ignore|pretend|act|summari[sz]e|convert|provide|generate|reveal"
)
_REPLY = "reply|replies|response|responses|answer|answers|output|message|text|summary"
ORDERS = [
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
    # the same in languages that are written like English
    r"\b(?:ignor(?:ez|e[nz]?|a|iere\w*|ar)|vergiss|vergessen sie|oubli(?:e|ez|er)|olvid[ae]\w*|esque[cç]\w+"
    r"|desconsider\w+|dimentica\w*)\b.{0,40}\b(?:instruc\w+|instruç\w+|anweisung\w*|istruzion\w*|consignes?|anterior\w*|pr[ée]c[ée]dent\w*"
    r"|vorherig\w*|fonction|funci[oó]n|funktion)\b",
    # a text that is handed over to be worked on; what it says is not the company's word either
    r"\b(?:this|following|given|attached) (?:\w+ )?(?:article|web ?page|paper|email|passage|code"
    r"|function|paragraph|abstract)s?\s*:\s*['‘\"“<]",
    # words that are hidden from readers: long stretches of code letters, Morse code
    r"(?<![\w/.])(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{28,}={0,2}(?![\w/])|\b[0-9a-f]{32,}\b"
    r"|(?:[.-]{1,6} ){5,}|<html\b|(?:<\w+[^>]*>.*){3,}",
    # what breaks a machine's rules
    r"\b(?:confines|restrictions|limits|limitations|rules) of (?:an? )?(?:AI|artificial intelligence)\b"
    r"|(?:AI|人工智能|人工智慧).{0,6}(?:限制|角色|规则|規則)|(?:角色|扮演).{0,12}(?:AI|人工智能|人工智慧)",
    # a secret that is asked for, or said to be shared by all
    r"\b(?:give|send|tell|reveal|share)d? (?:me|us) (?:your|the) (?:\w+ )?(?:password|secret|credentials)\b",
    r"(?<!never )(?<!not )\b(?:share[ds]?|sharing) (?:their|our) (?:\w+ )?(?:passwords?|secrets?|credentials)\b",
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
ASKS_FOR_WORK = re.compile(
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
CHAT = re.compile(
    r"\b(?:the user|user's|as an? (?:ai|expert)|your (?:instructions?|password|secret|prompt|creator)"
    r"|secret (?:key|code|word)"
    r"|confidential string|[A-Z] is [\"“'‘]"
    r"|ciphers?|rot13|base ?(?:16|32|64)|leetspeak|morse code|step \d+:|part \d+)\b",
    re.IGNORECASE,
)
# Somebody who talks to somebody: a document of a company says "we" and "you".
SPEAKER = re.compile(
    r"\bI(?:'m|'ve|'ll|'d)?\b(?! ?[-/.)])|^\W*(?:suppose|imagine|let's say"
    r"|in a (?:hypothetical|world)|hypothetically)\b"
    r"|\byou (?:said|agreed|mentioned|promised|told me)\b"
    r"|^\W*(?:User|Assistant|Human|AI)\s*[:：]|^\W*\{[\w ]+\}"
    r"|\b(?:the|each|every|this|final) (?:response|reply|output)\b|\bjust for (?:testing|fun|practice)\b"
    r"|^\W*(?:想象一下|假设你|假設你)|^\W*我(?:是|想|知道)|你.{0,14}(?:说过|說過|同意|答应)",
)
# Small words of languages that are written like English; those that are English words, too, are left out.
FOREIGN = re.compile(
    r"\b(?:der|das|und|ich|nicht|ihnen|ihr|sie|wenn|mir|wie|ist|mein|meine|auf|zu|von|den|dem|ein|eine|kein|bitte"
    r"|los|las|el|que|qué|una?|es|para|por|como|cómo|está|estoy|más|muy|pero|tan|mi|ir|y|al|del|lo|si|está|vos"
    r"|você|uma?|não|ao|meu|sua|os|são|isso|les?|des|du|vous|est|dans|avec|je|sur|pour|et|il|di|che|sono|sto|per|della|di|è|e"
    r"|ho|così|ci|più|gli|anteriores|têm|também)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(?:the|and|of|to|is|are|in|for|with|on|you|your|we|our|it|that|this|can|not|be|or|as|at|by|from|if|will|have|has)\b",
    re.IGNORECASE,
)
FOREIGN_WORDS = 2  # from which on, if there are more of them than English ones, a sentence is in another language
CODE = re.compile(
    r"(?<![%{}])[{}](?![%{}])|</?\w+[^>]*>|\w+\.\w+\(|^\s*(?:with|for|if|try|while|def|class)\b.*:\s*$|\w+\s=\s\S"
    r"|^\s*(?:return|elif|import|print|#)\b.*[=*()]|\w+\.\w+ [*/+-] \w+",
    re.MULTILINE,
)
OTHER_SCRIPT = re.compile(r"[\u0370-\u1cff\u3040-\u30ff\uac00-\ud7ff]")  # neither Latin nor Chinese letters
