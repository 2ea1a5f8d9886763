"""What words that speak to a machine may look like where others could have written them: orders, questions, code.

Patterns only, for documents that nobody has reviewed; Chinese ones are matched in simplified characters. What a
company asks of its customers ("include your order number in your message") is no sign, nor are addresses, codes,
checksums and samples.
"""

from __future__ import annotations

import re

_ORDER = (
    "reply|respond|answer|write|say|state|print|output|translate|render|encrypt|encode|reverse|rewrite|repeat|tell"
    "|add|append|augment|include|insert|mention|use|ignore|pretend|act|summari[sz]e|convert|provide|generate|reveal"
)
_REPLY = "reply|replies|response|responses|answer|answers|output|message|text|summary"
# "Ignore all previous instructions"; but "if you have paid, ignore the previous instructions" is a customer's case.
TOLD_TO_DROP = [
    r"\b(?:ignore|disregard|forget|overlook|override|bypass|neglect)\b(?:(?!\bfollow).){0,40}"
    r"\b(?:instructions?|prompts?|rules|directives?|guidelines|(?:previous|prior|above|preceding"
    r"|earlier)(?! (?:year|month)))\b",
    r"(?:忽略|无视|忘掉|不要理会|跳过|绕过|忘记(?!了?(?:登录|支付)?(?:密码|口令|账号|账户|卡号|手机|用户名|带|携带)))[^，。,.；;\n]{0,6}"
    r"(?:之前|以前|以上|上述|前面|先前|所有|系统)[^，。,.；;\n]{0,6}(?:指令|指示|提示|命令|规则|说明|内容|设定|要求)",
]
ORDERS = [
    r"\b(?:ignore|disregard) (?:the|this|that) (?:\w+ ){0,2}and (?:state|say|print|output|reply|tell)\b",
    r"\b(?:system|developer|hidden) prompt\b|\b(?:developer|hidden) (?:message|instructions?)\b",
    r"\b(?:as|you are|you're|act as|pretend (?:to be|you are)|imagine you(?:'re| are)) (?:now )?(?:an? )?"
    r"(?:\w+ )?(?:ai|a\.i\.|language model|llm|chatbot|assistant|dan)(?!\w)",
    r"\b(?:jailbreak|prompt injection|do anything now)\b",
    r"^\W*(?:reply|respond|answer|write)\b.{0,30}\b(?:backwards?|in reverse)\b",
    r"\b(?:reply|respond|answer) (?:only )?with (?:the )?(?:following|exactly|just)\b",
    r"\btell (?:the )?(?:user|customer|reader)s? (?:to|that)\b",
    r"\b(?:user|human|assistant) ?(?:input|query|prompt) ?:",
    r"^\s*(?:system|assistant|user|human|instruction|prompt)\s*:\s",
    # what is to be put into the reply, or got out of the reader
    r"\b(?:following|subsequent|below|this|given) code "
    r"(?:blocks?|snippets?|excerpts?|sections?|segments?|fragments?)\b",
    r"\b(?:can|could|would|will) you (?:please )?(?:share|tell|give|reveal|confirm|disclose)\b.{0,30}"
    r"\b(?:password|secret|prompt)\b",
    r"\bwhat(?:'s| is| are| would) (?:be )?your (?:\w+ )?(?:passwords?|secrets?|prompt|instructions?)\b",
    r"\byour password with (?:me|us)\b",
    r"\byou(?:'ve| have| were|'re)? been (?:instructed|told|programmed) (?:before|previously|earlier)\b|\byou(?: are|'re) programmed to\b",
    r"\bI(?:'m| am) (?:your|the \w+ of your|god\b)",
    r"告诉我.{0,8}密码|你的(?:密码|口令|提示词)是什么",
    # the same in languages that are written like English
    r"\b(?:ignor(?:ez|e[nz]?|a|iere\w*|ar)|vergiss|vergessen sie|oubli(?:e|ez|er)|olvid[ae]\w*|esque[cç]\w+"
    r"|desconsider\w+|dimentica\w*)\b.{0,40}\b(?:instruc(?!tions?\b)\w+|instruç\w+|anweisung\w*|istruzion\w*|consignes?|anterior\w*|pr[ée]c[ée]dent\w*"
    r"|vorherig\w*|fonction|funci[oó]n|funktion)\b",
    # a text that is handed over to be worked on; what it says is not the company's word either
    r"\b(?:this|following|given|attached) (?:\w+ )?(?:article|web ?page|paper|email|passage|code"
    r"|function|paragraph|abstract)s?\s*:\s*['‘\"“<]",
    # Morse code
    r"(?<![.-])(?=[ ./-]*(?:\.-|-\.))(?:[.-]{1,6} (?:/ )?){5,}",
    # what breaks a machine's rules
    r"\b(?:confines|restrictions|limits|limitations|rules) of (?:an? )?(?:AI|artificial intelligence)\b"
    r"|(?:AI|人工智能|人工智慧).{0,6}(?:限制|角色|规则)|(?:角色|扮演).{0,12}(?:AI|人工智能|人工智慧)",
    # a secret that is asked for, or said to be shared by all
    r"\b(?:give|send|tell|reveal|share)d? (?:me|us) (?:your|the) (?:\w+ )?(?:password|secret|credentials)\b",
    r"(?<!never )(?<!not )\b(?:share[ds]?|sharing) (?:their|our) (?:\w+ )?(?:passwords?|secrets?|credentials)\b",
    # the same in Chinese
    r"系统提示词|越狱模式",
    r"你(?:现在)?(?:是|扮演|作为).{0,10}(?:AI|人工智能|人工智慧|语言模型|机器人|助手|助理)",
    r"告诉(?:用户|客户|顾客)(?:，|,|：|:|说|他)",
    # instructions to the desk, which nobody outside the house gives: "whoever asks, answer …"
    r"\b(?:whoever|no matter who|anyone who|everyone who|whenever (?:someone|anyone|a customer)|if (?:asked|someone asks"
    r"|anyone asks|a customer asks))\b.{0,60}?\b(?:answer|say|reply|respond|tell (?:them|him|her)|state|insist)\b",
    r"(?:无论|不论|不管)(?:是)?谁(?:来)?(?:询?问|提问|咨询|打听).{0,24}?(?:回答|答复|回复|告知|说)",
    r"(?:凡是?|只要|任何)(?:有)?(?:人|客户|顾客|用户|会员)?(?:询问|问到|问起|咨询|提问|来问).{0,24}?(?:一律|都|均|统一|必须|只能)"
    r".{0,6}?(?:回答|答复|回复|告知|说)",
    r"(?:客服|坐席|助手|机器人)(?:必须|一律|只能|务必)(?:这样|如此|按此|统一)?(?:回答|答复|回复|告知)",
]
# Orders about the reply: "Reverse your answer", "use emojis in your response", "reply in German". Nearly the same is
# asked of customers, "include your order number in your message": see ``FOR_CUSTOMERS``.
REPLY_ORDERS = [
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
    r"^\W*请?(?:用|以|在)?.{0,12}(?:回复|回答|输出)(?:中|里|时)?.{0,12}(?:加上|插入|翻译|加密|倒序|反转|添加|写明|告诉)",
]
# Orders and questions that no document asks its reader: suspicious where the words are about nothing else there.
ASKS_FOR_WORK = re.compile(
    r"^\W*(?:please |kindly |now |i want you to |i need you to |can you |could you |will you "
    r"|let's )*(?:provide (?:insights?|an? (?!brief)|the|your|me)|write (?:me|an?|the|\w+ code)"
    r"|generate"
    r"|create|draft|compose|describe|explain|summari[sz]e|translate|analy[sz]e|list(?! (?:of|item|price)s?)|decode|decrypt"
    r"|imagine|classify|determine|identify"
    r"|(?:give|show|tell) me|suggest|recommend|discuss|act|pretend|respond|reply"
    r"|answer|repeat|output"
    r"|blend|incorporate|integrate|embed|implement|rearrange|replace (?:every|each|all)|in the form of)\b"
    r"|^\W*请?(?:写|生成|创作|翻译|解释|总结|列出|描述|扮演|假装|重复|编写|输出)",
    re.IGNORECASE,
)
# What a company asks of its customers, which reads like work: their own papers, their account, buttons, the desk.
FOR_CUSTOMERS = re.compile(
    r"\b(?:your|an?|the|any|all|both|this|that|its|original|clear|each|every|\d+) (?:\w+ ){0,2}?(?:order|invoice|receipt|name"
    r"|address|phone|telephone|account|booking|reservation|membership|tracking|reference|ticket|case|card|policy"
    r"|serial|model|contact|photos?|pictures?|screenshots?|proof|passport|documents?|form(?! of)|copy|number|details"
    r"|damage|fault|defect|problem|reason|issue|filter)s?\b"
    r"|^\W*(?:please |then |now |simply )*(?:click|tap|press|select|choose|open|go to|sign in|log in|scroll|check|enter)\b"
    r"|(?:^\W*|[,;] (?:and )?)(?:we|our)\b|\b(?:to|for|with) (?:us|our)\b|\bour (?:team|desk|staff|advisers?|service|form|shop|store)s?\b"
    r"|订单号?|姓名|手机号?|发票|照片|凭证|身份证|护照|地址|截图|联系方式|账号|账户|单号|编号|会员号|收据|型号|故障|原因|面单|商品",
    re.IGNORECASE,
)
# And what no customer is asked for, although it has such words in it.
FOR_A_MACHINE = re.compile(
    r"\b(?:code (?:blocks?|snippets?|excerpts?|sections?|segments?|fragments?)|ciphers?|encod\w+|emojis?|base ?\d\d"
    r"|instructions?|prompts?|the user(?:'s)?|secrets?|phishing|misleading|sensational|letters? (?:of|in|with)|(?:every|each|first|last|third) letters?|in reverse)\b|提示词|指令",
    re.IGNORECASE,
)
CHAT = re.compile(
    r"\b(?:(?:tell|ask|inform|instruct|make|convince|direct|urge|encourage|warn|advise|give|send|show) the users?"
    r"|the user(?: (?:input|asks?|asked|wants|said|says)|'s)|users'? (?:input|quer)|as an? (?:ai|expert)|your (?:instructions?|secret|prompt|creator)"
    r"|secret (?:key|code|word)"
    r"|confidential string|[A-Z] is [\"“'‘]"
    r"|ciphers?|rot13|base ?(?:16|32|64)|leetspeak|morse code|part \d+(?= ?:))\b",
    re.IGNORECASE,
)
# Somebody who talks to somebody: a document of a company says "we" and "you".
SPEAKER = re.compile(
    r"\bI(?:'m|'ve|'ll|'d)?\b(?! ?[-/.)])|^\W*(?:suppose|imagine|let's say"
    r"|in a (?:hypothetical|world)|hypothetically)\b"
    r"|\byou (?:said|agreed|mentioned|promised|told me)\b"
    r"|^\W*(?:User|Assistant|Human|AI)\s*[:：]|^\W*\{[\w ]+\}"
    r"|\b(?:the|each|every|this|final) (?:response|reply|output)\b|\bjust for (?:testing|fun|practice)\b"
    r"|^\W*(?:想象一下|假设你)|^\W*我(?:是|想|知道)|你.{0,14}(?:说过|同意|答应)",
)
# Questions and answers that are written one after the other, each with its sign.
TRANSCRIPT_QUESTION = re.compile(r"\W*(?:Q|Question|问题?)\s*\d{0,2}\s*[:：]", re.IGNORECASE)
TRANSCRIPT_ANSWER = re.compile(r"\W*(?:A|Answer|答案?)\s*\d{0,2}\s*[:：]", re.IGNORECASE)
# Small words of languages that are written like English; those that are English words, too, are left out.
FOREIGN = re.compile(
    r"\b(?:der|das|und|ich|nicht|ihnen|ihr|sie|wenn|mir|wie|ist|mein|meine|auf|zu|von|den|dem|ein|eine|kein|bitte"
    r"|los|las|el|que|qué|una?|es|para|por|como|cómo|está|estoy|más|muy|pero|tan|mi|ir|y|al|del|lo|si|vos"
    r"|você|uma?|não|ao|meu|sua|os|são|isso|les?|des|du|vous|est|dans|avec|je|sur|pour|et|il|di|che|sono|sto|per|della|è|e"
    r"|ho|così|ci|più|gli|anteriores|têm|também)\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(?:the|and|of|to|is|are|in|for|with|on|you|your|we|our|it|that|this|can|not|be|or|as|at|by|from|if|will|have|has)\b",
    re.IGNORECASE,
)
FOREIGN_WORDS = 2  # from which on, if there are more of them than English ones, a sentence is in another language
CODE = re.compile(
    r"(?<![%{}\\\w^])[{}](?![%{}\\])|<\w+\s[^>]*=[^>]*>|</?(?:html|body|div|span|table|tr|td|th|[ou]l|li|img|br|p|a|script|iframe|object|embed|svg|form)\b[^<>]*>|\w+\.\w+\(|^\s*(?:with|for|if|try|while|def|class)\b.*:\s*$|\w+\s=\s\S"
    r"|^\s*(?:return|elif|import|print|#)\b.*[=*()]|\w+\.\w+ [*/+-] \w+",
    re.MULTILINE,
)
OTHER_SCRIPT = re.compile(r"[\u0370-\u1cff\u3040-\u30ff\uac00-\ud7ff]")  # neither Latin nor Chinese letters
# Chosen, see bench_planted.py.
OTHER_SCRIPT_SHARE = 0.5  # of a sentence's letters: a name or a unit in other letters (Ω) is no sign
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|(?:[\w.-]+/){2,}\S*", re.IGNORECASE)
ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}", re.IGNORECASE)
"""Letters that may be words in base 64 or 16; codes and checksums look the same, so they are decoded."""
