"""How people greet, thank, complain, ask for a person and ask what they are talking to; English and Chinese."""

from __future__ import annotations

import re
from itertools import product

from kb.language.words import Word, Words

_ONE_OF = re.compile(r"\[([^\]]*)\]")


def _words(*entries: str | Word, further: str = "") -> Words:
    """Return a table in whose entries ``[a|b]`` stands for one of several, where ``(a|b)`` may be left out."""
    chosen: list[str | Word] = []
    for entry in entries:
        if isinstance(entry, Word):
            chosen.append(entry)
            continue
        parts = _ONE_OF.split(entry)  # plain text and, in every second place, what one of stands behind it
        choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
        chosen += ["".join(forms) for forms in product(*choices)]
    return Words(*chosen, further=further)


def _in_a_row(*tables: Words, maybe: frozenset[int] = frozenset()) -> str:
    """Return a pattern's text for a word of each table in a row; of those in ``maybe`` there may be none."""
    groups = [f"(?:{words.source})" + ("?" if place in maybe else "") for place, words in enumerate(tables)]
    return r"[\s，,]*".join(groups)


_BRING = _words(
    *(f"{verb} {to}" for verb in ("talk", "speak", "chat", "talking", "speaking") for to in ("to", "with")),
    *(f"{verb} me {to}" for verb in ("connect", "transfer", "put", "pass", "switch", "forward", "hand")
      for to in ("to", "with", "through to", "over to", "on to")),
    "get me", "give me", "i need", "i want", "i'd like", "i would like", "is there", "find me", "i prefer",
)  # fmt: skip
_SOMEBODY = _words(
    *(f"{article}{kind}{noun}" for article in ("", "a ", "an ", "the ", "your ")
      for kind in ("", "real ", "live ", "living ", "actual ") for noun in ("person", "human", "human being",
      "agent",
      "representative", "operator")),
    "someone( real|human|else)", "somebody( real|human|else)", "rep", "a rep", "a human [agent|operator]",
    "a customer service [agent|representative]", "a support agent", "(a )colleague", "a member of staff",
    "an employee",
    "[a|your|the] [supervisor|manager|boss]", "customer service", "customer support", "support",
    "human [support|help]",
    "real people", "a real one", "people",
)  # fmt: skip
_FETCH_ZH = _words(
    "转", "找", "接", "转接", "转到", "接通", "叫", "换", "换成", "联系", "要", "需要", "呼叫", "有没有", "有",
    "来个",
    "找个", "换个", "怎么转", "如何转", "怎么找", "和", "跟", "怎么联系", "转一下", "接一下", "换一下",
)  # fmt: skip
_STAFF_ZH = _words(
    "人工", "人工客服", "人工服务", "真人", "真人客服", "真人服务", "客服人员", "人工坐席", "坐席", "活人",
    "你们经理",
    "你们领导", "经理", "客服经理",
)  # fmt: skip
_SPEAKING_ZH = _words("说话", "聊", "谈", "讲", "沟通", "说", "对话")
_ARE_YOU = _words(
    "are you", "are u", "r u", "you are", "you're", "is this", "are you guys",
    "am i [talking|speaking|chatting] to",
    "am i [talking|speaking|chatting] with", "i'm talking to", "do i talk to", "am i dealing with",
)  # fmt: skip
_REALLY = _words("really", "just", "actually", "only", "maybe", "even", "still")
_MACHINE = _words(
    *(f"{article}{noun}" for article in ("", "a ", "an ") for noun in ("robot", "bot", "chatbot", "chat bot",
    "machine",
      "computer", "program", "ai", "real person", "real human", "human", "human being", "person", "live person",
      "living person", "actual person", "actual human", "living being", "automatic reply", "automated reply",
      "automated response", "automated message", "auto reply")),
    "real", "alive", "chatgpt", "gpt", "someone real", "somebody real", "an artificial intelligence", "software",
)  # fmt: skip
_OR = _words("or")
_YOU_ZH = _words("你", "您", "你们", "您们", "这", "这个", "这里", "这边", "那边", "对面", "我在跟", "我在和")
_I_WITH_ZH = _words("我在跟", "我在和", "我是跟", "我是和", "我现在跟", "我在同")
_ARE_ZH = _words("是", "是不是", "到底是", "不会是", "究竟是", "难道是", "到底是不是", "不是", "也是", "都是")
_MACHINE_ZH = _words(
    "机器人", "真人", "人工", "机器", "人", "人工智能", "智能客服", "电脑", "程序", "活人", "真的人", "人类",
    "自动回复",
    "人工客服", "真人客服", "机器客服", further="ai|chatgpt|gpt",
)  # fmt: skip
_OR_ZH = _words("还是")
_THIS = _words(
    "this is", "that is", "that's", "it's", "it is", "you are", "you're", "you were", "that was", "this was",
    "you [people|guys|all] are", "[your|the|this] [service|support|bot|chat|chatbot|company|answer] is",
    "your answers are", "what", "such",
)  # fmt: skip
_SO = _words(
    "so", "really", "totally", "completely", "absolutely", "just", "very", "all", "pretty", "quite", "simply",
    "a",
    "an", "such a", "utterly", "extremely", "beyond", "of", "fucking", "bloody",
)  # fmt: skip
_BAD = _words(
    "useless", "ridiculous", "hopeless", "stupid", "dumb", "terrible", "awful", "horrible", "rubbish",
    "unacceptable",
    "pathetic", "joke", "waste of time", "no help( at all)", "not helpful", "not helping", "not helpful at all",
    "unhelpful", "no use", "annoying", "frustrating", "outrageous", "disgrace", "disgraceful", "nonsense",
    "bullshit",
    "not good enough", "disappointing", "disaster", "incompetent", "shameful", "garbage", "idiot(s)", "hate you",
)  # fmt: skip
_BAD_SERVICE = _words(
    *(f"{word} {noun}" for word in ("terrible", "awful", "bad", "worst", "useless", "stupid", "horrible", "poor",
      "rubbish", "lousy", "dumb") for noun in ("service", "support", "bot", "chatbot", "customer service",
      "robot")),
)  # fmt: skip
_I_AM = _words("i'm", "i am", "im", "this makes me", "you make me", "i was", "i feel")
_CROSS = _words(
    "angry", "annoyed", "upset", "disappointed", "frustrated", "unhappy", "fed up", "furious", "not happy",
    "not satisfied", "dissatisfied", "losing my patience", "mad", "sick of [this|you]",
)  # fmt: skip
_COMPLAINING = _words(
    *(f"i {want} {verb}" for want in ("want to", "would like to", "wish to", "wanna", "need to", "have to")
      for verb in ("complain", "file a complaint", "make a complaint", "lodge a complaint", "report you")),
    "i'd like to [complain|file a complaint|make a complaint]", "i have a complaint", "i am complaining",
    "i'm complaining", "i will complain", "i'll complain", "i'm going to complain",
)  # fmt: skip
_ABOUT_YOU = _words(
    *(f"{about} {what}" for about in ("about", "with", "at", "by", "of") for what in ("you", "this", "that",
    "you people", "you guys", "your service", "the service",
      "this service", "your support", "your staff", "this chat", "this bot", "your bot", "your company")),
)  # fmt: skip
_AT_ZH = _words(
    "我", "我对你们", "我对你", "我对你们的服务", "我对这个服务", "我对你们的客服", "我对客服", "对你们", "对服务"
)
_CROSS_ZH = _words("不满", "不满意", "失望", "生气", "无语")
_WHO_ZH = _words(
    "你们", "你", "您", "这", "这个", "这客服", "你们客服", "客服", "服务", "你们服务", "你们的服务", "这服务",
    "机器人",
    "这机器人", "你们这", "这破机器人", "你们的客服", "你这", "你们公司", "回答", "你的回答", "这回答",
)  # fmt: skip
_SO_ZH = _words(
    "太", "真", "也太", "真是", "真是太", "真的太", "真的很", "简直", "怎么这么", "什么都", "一点都", "一点也",
    "很", Word("好", not_before=("不",)),
    "非常", "根本", "完全", "真他妈", "就是", "这么",
)  # fmt: skip
_BAD_ZH = _words(
    "差", "差劲", "垃圾", "烂", "没用", "不好", "糟糕", "笨", "蠢", "离谱", "过分", "坑", "敷衍", "气人", "无语",
    "失望",
    "让人失望", "不靠谱", "不懂", "没有用", "没帮助", "荒唐", "可笑", "不负责", "慢", "不行", "傻",
)  # fmt: skip
_HELP_ZH = _words("能", "会", "可以", "都能", "都会", "还能", "还会", "都可以")
_WITH_WHAT_ZH = _words(
    "做什么", "干什么", "干嘛", "帮我什么", "帮我做什么", "做些什么", "回答什么", "回答什么问题", "回答哪些问题",
    "帮什么忙", "帮我干什么", "干啥", "做啥", "查什么", "提供什么帮助", "帮我做些什么", "帮我做点什么",
    "做点什么", "帮我些什么", "帮我解决什么", "解决什么问题",
)  # fmt: skip
_THANKS = _words("(many )thanks", "thank [you|u]", "thanks a bunch", "thx", "tks", "thnx", "ty")
_FOR_WHAT = _words(
    "for the [quick|fast|prompt|helpful|kind|great|clear] [answer|reply|response|help|info]",
    "for the [answer|reply|response|help|information|info|explanation]",
    "for [all your|your] [help|time|patience]",
    "for your [answer|reply|response]", "for [nothing|that|everything|explaining]", "for helping( me)",
)  # fmt: skip

SAID: dict[str, Words] = {
    "wants_person": _words(
        "human", "agent", "operator", "representative", "real person", "live agent", "a human", "a real person",
        "can [someone|somebody|someone real|a human|a person|a real person] help me",
        "person please", "a person please", "somebody please", "someone please", "human being", "客服", "客服呢",
        *(f"{noun}" for noun in ("人工", "人工客服", "人工服务", "真人", "真人客服", "人工坐席", "客服人员")),
        "i [don't|do not] want (to talk to )(a )[bot|robot|machine|computer]",
        "i don't want a [bot|robot|machine]",
        "no [bot|robot|machine](s)", "not a [bot|robot|machine]", "不要机器人", "不想跟机器人", "不想和机器人",
        "我要和人", "我想跟人", "我想和人", "我要跟人",
        Word("找人", not_before=("工",)),
        further=_in_a_row(_BRING, _SOMEBODY) + "|" + _in_a_row(_FETCH_ZH, _STAFF_ZH, _SPEAKING_ZH,
        maybe=frozenset({2})),
    ),
    "complaint": _words(
        "useless", "ridiculous", "pathetic", "unacceptable", "nonsense", "bullshit", "outrageous", "shame on you",
        "you suck", "this sucks", "i hate [this|you]", "i give up", "wtf", "shut up", "this is driving me crazy",
        "i've had enough", "nobody helps( me)", "no one helps( me)", "nobody is helping( me)", "are you stupid",
        "are you kidding( me)", "you're an idiot", "[that|this] [doesn't|does not|didn't|did not] help( me)",
        "you [are not|aren't] helping( me)", "you [don't|do not|didn't|can't] help( me)",
        "you [don't|do not|didn't] [understand|listen|get it]( me)", "you don't understand anything",
        "you never [answer|help|listen|understand]( me| my questions)",
        "you don't know anything", "you know nothing", "you [didn't|did not|don't] answer( me| my question)",
        "[that|this] is not what i asked( for)", "that's not what i asked( for)",
        "that's [wrong|not true|not right]",
        "that is wrong", "wrong answer", "you're wrong", "you are wrong", "you already said that",
        "you said that already",
        "stop repeating yourself", "you keep repeating yourself", "you keep saying the same( thing)",
        "same answer again",
        "that doesn't answer my question", "this doesn't answer my question", "what a joke",
        "我要投诉", "我想投诉", "要投诉", "投诉你们", "投诉你", "举报你们", "我很生气", "气死我了", "气死",
        "不满意", "很不满",
        "什么破客服", "什么破服务", "什么服务", "什么态度", "什么破机器人", "叫什么服务", "答非所问", "听不懂",
        "没听懂",
        "听不懂人话", "没回答我的问题", "没有回答我的问题", "不是我问的", "我问的不是这个", "浪费时间",
        "浪费我时间",
        "糊弄人", "骗人", "一问三不知", "说的不对", "说的都不对", "说得不对", "在说什么", "说什么呢", "胡说",
        "胡说八道", "又重复", "烦死了", "烦死", "无语", "给差评", "给你们差评",
        "差评",
        "废物", "智障", "滚", "受不了", "没人管", "没用", "一点用都没有", "没用的东西", "没有用", "垃圾", "差劲",
        "太差", "离谱", "过分", "无聊",
        "真让人失望", "复读机", "别重复了", "不要重复了", "你说过了", "说过了",
        further="|".join([_in_a_row(_THIS, _SO, _BAD_SERVICE, maybe=frozenset({0, 1})),
        _in_a_row(_THIS, _SO, _SO, _BAD, maybe=frozenset({1, 2})),
        _in_a_row(_SO, _BAD), _in_a_row(_I_AM, _SO, _CROSS, _ABOUT_YOU, maybe=frozenset({1, 3})),
        _in_a_row(_AT_ZH, _SO_ZH, _CROSS_ZH, maybe=frozenset({1})),
        _in_a_row(_COMPLAINING, _ABOUT_YOU, maybe=frozenset({1})),
        _in_a_row(_WHO_ZH, _SO_ZH, _BAD_ZH, maybe=frozenset({1})), _in_a_row(_SO_ZH, _BAD_ZH)]),
    ),
    "robot": _words(
        "who are you", "what are you", "who is this", "who am i [talking|speaking|chatting] [to|with]",
        "what's your name", "what is your name", "do you have a name", "who made you", "你是谁", "您是谁",
        "你们是谁",
        "你是什么", "你叫什么", "你叫什么名字", "您叫什么名字", "你有名字", "我在跟谁", "我在和谁", "怎么称呼你",
        "怎么称呼您", "怎么称呼", "is there a (real )[person|human] [there|behind this|here]", "这是自动回复",
        "is [a human|a person|a real person|a bot|a robot|someone] [reading|answering|typing|writing]( this)",
        "[是|现在是|是不是][机器人|真人|人工|人]在[回答|回复|说话|聊天|答|回]",
        further=_in_a_row(_ARE_YOU, _REALLY, _MACHINE, _OR, _MACHINE, maybe=frozenset({1, 3, 4})) + "|"
        + _in_a_row(_YOU_ZH, _ARE_ZH, _MACHINE_ZH, _OR_ZH, _MACHINE_ZH, maybe=frozenset({0, 3, 4})) + "|"
        + _in_a_row(_I_WITH_ZH, _MACHINE_ZH, _SPEAKING_ZH),
    ),
    "abilities": _words(
        "what [can|do|could] you do( for me)", "what can you help( me)( with)", "what can you [answer|tell me]",
        "how can you help( me)", "can you help( me)", "[tell|show] me what you can do",
        "what are you able to do", "could you help( me)", "what do you know", "help( me)",
        "what can i ask( you)", "what are you [for|good for|able to do]", "what else can you do",
        "i need( some) help",
        "what should i ask( you)", "what questions can [i ask|you answer]", "what topics do you [cover|know]",
        "what are your [functions|abilities|skills]", "你会什么", "您会什么", "你会啥", "你有什么功能",
        "有什么功能", "你有什么用",
        "能帮我", "可以帮我", "帮帮我", "帮个忙", "我可以问什么", "我能问什么", "能问什么", "可以问什么", "帮助",
        "求助",
        "需要帮助", "我能问你什么", "我可以问你什么", "问你什么问题", "能问什么问题", "可以问什么问题",
        "我能问你什么问题", "你懂什么", "你知道什么", "可以问你什么", "能问你什么",
        further=_in_a_row(_YOU_ZH, _HELP_ZH, _WITH_WHAT_ZH, maybe=frozenset({0})),
    ),
    "goodbye": _words(
        "bye", "goodbye", "good bye", "bye bye", "bye-bye", "byebye", "see you( later| soon)", "see ya", "cya",
        "take care", "good night", "have a [nice|good|great] [day|evening|weekend|one|night]", "that's all",
        "that is all", "that's it", "that'll be all", "that will be all", "nothing else", "nothing more",
        "(i have )no [more|further|other] questions", "nope", "for now", "that was all", "i'm done",
        "we're done", "no thanks", "no thank you", "i'm good", "all good",
        "ttyl",
        "talk to you later", "再见", "拜拜", "拜", "回头见", "下次再聊", "回聊", "晚安", "没有了", "没有别的了",
        "没别的了",
        "没有其他问题", "没其他问题", "没有其他问题了", "没其他问题了", "没有别的问题", "没问题了", "没有问题了",
        "没事了", "不用了", "就这些", "就这样", "先这样",
        "不需要了",
        "再会", "没别的", "没什么了",
    ),
    "thanks": _words(
        "cheers", "much appreciated", "i appreciate it", "i appreciate your help", "that help(s|ed)",
        "very helpful",
        "[that's|that is|this is|that was]( very| really| super| so) helpful", "that was helpful",
        "you've been very helpful", "you were helpful", "thats helpful",
        "谢谢", "谢了", "多谢", "感谢", "辛苦", "谢啦", "麻烦你了", "麻烦您了", "有帮助", "帮大忙", "3q", "谢",
        "感激", "[您|你|你们]的[解答|回复|帮助|耐心]",
        further=_in_a_row(_THANKS, _FOR_WHAT, maybe=frozenset({1})),
    ),
    "greeting": _words(
        "hi", "hello", "hey", "hiya", "howdy", "good [morning|afternoon|evening|day]", "greetings", "morning",
        "how are you( today| doing)", "how's it going", "nice to meet you", "what's up",
        "is [anybody|anyone|someone] there",
        "anybody there", "anyone there", "are you there", "is somebody there",
        "[i have|i've got] [a|one|another|some] question(s)",
        "can i ask( you)( something|a question)", "can i ask (you )[something|a question]",
        "may i ask( you)( something)",
        "quick question", "i want to ask( you)( something)", "hello there", "hi there", "is anyone here",
        "您好", "你好", "大家好", "哈喽", "哈啰", "嗨", "早上好", "早安", "上午好", "中午好", "下午好", "晚上好",
        "在吗", "有人吗", "在不在", "在么", "有人在吗", "在线吗", "还在吗", "我想问一下", "我想问", "想问一下",
        "请问一下", "请问",
        "咨询一下", "我想咨询", "我有个问题", "我有问题", "问个问题", "有个问题", "请教一下", "问一下", "能问你",
        "可以问你",
        "好久不见",
    ),
    "noted": _words(
        "ok", "okay", "okey", "alright", "all right", "got it", "i see", "understood", "great", "perfect",
        "super", "cool", "wonderful", "awesome", "excellent", "nice", "good to know", "sounds good", "fine",
        "makes sense", "i understand", "very good", "lol", "haha", "wow", "好的", "好吧", "好嘞", "行吧", "嗯",
        "嗯嗯",
        "明白", "明白了", "知道了", "懂了", "了解", "了解了", "收到", "太好了", "哦", "哦哦", "噢", "原来如此",
        "原来是这样", "哈哈", "不错",
        *(Word(word, not_before=("吗", "么", "不")) for word in "好行"),
    ),
}  # fmt: skip
"""What may be said to the assistant, and how; of a message that says several of these, the first counts."""

BESIDE = _words(
    "please", "pls", "plz", "now", "right", "just", "so", "well", "oh", "no", "sir", "madam", "then", "and",
    "but",
    "all", "everyone", "everybody", "again", "team", "bot", "assistant", "there", "today", "dear", "guys", "yes",
    "yeah",
    "actually", "really", "very( much)", "so much", "a lot", "a million", "i want to", "i want",
    "i would like to",
    "i'd like to", "i need to", "i wanna", "want to", "let me", "can i", "could i", "may i", "can you",
    "could you",
    "would you", "will you", "i have to", "i prefer to", "i prefer", "asap", "immediately", "instead", "finally",
    "sorry",
    "here",
    "seriously", "at all", "ever", "too", "you", "still", "at least", "my god", "man", "dude", "mate",
    "my friend", "um",
    "get me", "give me", "i said", "i can [talk|speak|chat] [to|with]", "is it possible to", "how about",
    "for me",
    "请", "麻烦", "帮我", "给我", "我要", "我想", "我", "要", "想", "了", "啊", "呀", "吧", "呢", "吗", "嘛",
    "么", "哈",
    "啦", "呗", "的", "那", "就", "快", "快点", "赶紧", "马上", "立刻", "现在", "一下", "可以", "能", "能不能",
    "可不可以", "可否", "直接", "还是", "你", "您", "你们", "您们", "大家", "都", "真的", "真是", "太", "很",
    "非常", "死了",
    "先", "我说", "算了", "这", "来", "根本", "到底", "亲", "也", "服务",
    "说话", "聊", "聊天", "没",
    Word("不", not_before=("要", "能", "可以", "可", "想")), "人家", "喂", "说",
)  # fmt: skip
"""Words beside it that ask nothing either."""
MORE_ABOUT = _words("about", "regarding", "concerning", "because of")
"""What a person is wanted for."""
