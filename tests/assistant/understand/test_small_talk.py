"""What is said to the assistant is told from what is asked of the documents, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.app import build_assistant
from assistant.settings import Settings
from assistant.turn import Assistant
from assistant.types import Message, Outcome
from assistant.understand.rewrite import complete
from assistant.understand.small_talk import small_talk
from kb.embedders.hashing import HashingEmbedder
from kb.knowledge_base import KnowledgeBase
from tests.conftest import put_all

SAID = {
    "wants_person": """
        could you please connect me with a live person | I need to speak to customer support | give me a human
        human agent | get me your supervisor | can someone real help me | please pass me on to a colleague
        I prefer talking to a human | talk to agent | speak to a rep | 给我转人工 | 我要找真人客服
        麻烦转一下人工 | 接人工客服 | 可以帮我转人工吗 | 你们有人工吗 | 我要跟你们经理谈 | 人工服务
        转接人工！快点
        human please | I want to talk to somebody | can I speak to a real person? | let me talk to a human
        get me an agent | Agent | operator! | connect me to a representative | put me through to someone
        is there a human I can talk to | I'd like to speak with a colleague please | I need a person now
        please transfer me to customer service | I don't want a bot | not a bot please, a human | real person
        can you hand me over to a human agent | I want to speak to your manager | I wanna talk to someone real
        hi, can i talk to a person? | I want to talk to someone about my refund | no, I want a human being
        转人工 | 人工客服 | 人工 | 我要转人工！ | 请帮我转人工客服 | 找人工 | 有没有人工客服？ | 我要和真人说话
        给我接人工 | 能不能转人工 | 我不想跟机器人聊 | 叫你们经理来 | 你好，转人工 | 轉人工 | 怎么转人工
        换个真人来
    """,
    "complaint": """
        this is a joke | you're hopeless | absolutely useless | I'm fed up with this
        I am very unhappy with your service | this doesn't help | you never answer my questions | what nonsense
        this chat is so frustrating | I would like to complain about your staff | that was not helpful
        terrible customer service | 太垃圾了 | 你真没用 | 你们什么态度 | 我要投诉！ | 你说的都不对
        我对你们的服务很不满意 | 这机器人太笨了 | 你在说什么啊
        this is useless | I want to complain about you | you people are useless | This is ridiculous!!! | useless
        what a terrible service | that doesn't help me at all | you didn't answer my question | I am so angry
        this bot is stupid | you are no help | I want to make a complaint about your service | worst service ever
        you keep saying the same thing | that's not what I asked | I'm really disappointed | are you kidding me
        this is such a waste of time | you don't understand me | shame on you | I want to complain
        我要投诉你们 | 你们太差劲了 | 什么破客服 | 答非所问 | 你根本听不懂 | 真让人失望 | 一点用都没有 | 气死我了
        浪费我时间 | 你们的服务太差了 | 这客服真垃圾 | 没用的东西 | 我很生气！ | 你没回答我的问题 | 太离谱了
    """,
    "robot": """
        you're a bot right? | am I chatting with a human? | is this an automated reply | do you have a name
        so you are a machine? | is a human reading this? | are you chatgpt | 是机器人在回答吗 | 你到底是不是真人
        你是ai吗 | 这边是真人客服吗 | 请问您是真人吗
        are you a robot | are you a bot? | are you a real person | am I talking to a machine | is this a bot?
        are you human or a robot | who are you | are you an AI? | am I speaking to a real person | r u a bot
        what's your name | hello, are you human? | are you really a person? | is this a real person or a bot
        你们是机器人吗 | 你是真人吗？ | 你是机器人还是真人 | 是人工吗 | 这是机器人吧 | 你是谁 | 您是不是机器人
        我在跟机器人说话吗 | 你叫什么名字 | 你好，你是真人吗
    """,
    "abilities": """
        what do you do | how can you help | what are you able to do | tell me what you can do | 你都能干啥
        你可以帮我吗 | 我能问你什么问题 | 你能帮我做点什么
        what can you do | what can you do for me? | how can you help me? | help | can you help me please
        what can I ask you | hi what can you help me with | what do you know | what questions can you answer
        你能做什么 | 你会什么？ | 你可以帮我做什么 | 你能回答哪些问题 | 可以问什么 | 有什么功能 | 你好，你能干什么
    """,
    "thanks": """
        thanks a bunch | ok thank you | that's very helpful, thanks | thank you for the quick answer | 谢谢啦
        好的，多谢 | 感谢您的解答
        thanks | thank you so much! | ok thanks | thx a lot | great, thanks for your help | thank you, that helped
        many thanks | cheers mate | perfect thank you | thanks, you too
        谢谢 | 好的谢谢 | 非常感谢！ | 谢谢你的帮助 | 辛苦了 | 明白了，谢谢您 | 多谢多谢
    """,
    "goodbye": """
        bye for now | okay, goodbye | thanks, bye! | I have no more questions | nope that's it | 那再见
        没有其他问题了，谢谢 | 好，拜拜
        bye | ok bye | goodbye | see you later | no thanks, that's all | have a nice day | that's all, bye
        no, nothing else | good night
        再见 | 拜拜 | 好的，再见 | 没有了 | 不用了，就这些 | 没事了 | 晚安
    """,
    "greeting": """
        hello good evening | hey there | hi, quick question | 喂你好 | 嗨，在吗 | 你好我想咨询一下
        hi | Hello there! | hey | good morning | hi, how are you? | is anybody there? | I have a question | hello?
        can I ask you something? | good evening everyone
        你好 | 您好！ | 在吗？ | 有人吗 | 早上好 | 我想问一下 | 你好，在吗 | 咨询一下
    """,
    "noted": "ok | okay, got it | I see | great! | understood | 好的 | 知道了 | 嗯嗯 | 明白了 | 好吧",
    "": """
        is there a person I must name as beneficiary | can I complain by phone
        who do I complain to about the driver | 投诉电话 | 投诉渠道有哪些 | 转人工要等多久
        your fee is ridiculous, why 30 dollars | are you part of a chain | what can you tell me about lounges
        help with login | I need an agent for visas | can a human resource department get cards
        is the bot vacuum any good | 真人鞋有吗 | 你们能上门吗 | 你是不是要收费 | 你好请问退款要几天
        thanks for the info but when does it expire | ok so how much | great, and the blue one?
        I want to talk about my bill | 没用过的可以退吗 | 太大了能换吗 | 太慢了怎么办 | 有用过的吗
        how about the second person | do I get support in English | what is support plan
        is there support at night | 人工和机器的价格一样吗 | 服务好吗 | 慢吗 | 行李可以带吗
        hi, how long is the warranty? | Can a person without a passport open an account? | how do I complain?
        How can I make a complaint about a branch? | thanks, and what does it cost? | yes | no | shorter
        can you help me return a kettle | is the robot vacuum loud? | do you sell robots | are you open on Sunday
        who is the manager of the Harbour branch | what can you do about a scratched door | are you a bank
        is there an agent in Chengdu | how do I speak to a person at the branch | are you hiring
        what is useless load
        can I give a voucher to somebody | this is my order, where is it? | do I need a human witness for the form
        the blender is useless, can I return it? | you are ridiculous, where is my order | help with my router
        what are your opening hours | is a real person needed to sign for it | how many people can share a card
        who are you insured with | can the operator of a shop refuse my card | when do I get thanks points
        one person | for a person | what is the best plan | is that all the fee covers? | is it real leather
        I want a refund | I need a new card | get me a taxi | give me the price
        I want to complain, how long does it take?
        my coffee machine doesn't help against limescale | bye bye fee, what is it? | good morning delivery price
        你好，怎么退货 | 怎么投诉 | 如何投诉你们的分店？ | 扫地机器人多少钱 | 机器人吸尘器保修几年
        谢谢，那运费呢
        人工安装要收费吗 | 人工客服几点上班 | 人工费多少 | 你是不是可以寄到国外 | 在哪 | 能退吗 | 不能退吗
        可以吗
        一个人可以开几个账户 | 客服电话是多少 | 你们有什么优惠 | 你们能做贷款吗 | 我要退货 | 帮我查一下订单
        投诉多久有回复 | 真人认证怎么做 | 好用吗 | 没有了发票怎么办 | 经理电话多少 | 太差的成绩能申请吗
        要多少钱 | 这个怎么用
        你们是银行吗 | 谁是你们的合作伙伴 | 有没有学生折扣 | 在吗？我想问保修多久 | 服务费怎么算 | 转账要多久
        快递慢怎么办
    """,
}


def written() -> Iterator[tuple[str, str]]:
    """Yield each written message with what it says."""
    for kind, lines in SAID.items():
        for message in lines.replace("\n", "|").split("|"):
            if message.strip():
                yield message.strip(), kind


@pytest.mark.parametrize(("message", "kind"), list(written()))
def test_what_is_said_to_the_assistant_is_told_from_questions(message: str, kind: str) -> None:
    """A message that holds a question is none of these, whatever else it says; others are what they say first."""
    assert small_talk(message) == kind


def test_what_is_said_to_the_assistant_is_no_follow_up() -> None:
    """In the middle of a conversation it leans on nothing, and nothing that follows leans on it."""
    before = [Message("customer", "How long may I return a kettle?"), Message("assistant", "30 days.")]
    assert complete("are you a robot?", before) is None
    after = [*before, Message("customer", "are you a robot?"), Message("assistant", "I am a program.")]
    assert complete("and an opened one?", after) == "How long may I return a kettle? and an opened one?"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Give an assistant whose documents speak of robots, persons and complaints."""
    chosen = Settings(
        home=tmp_path_factory.mktemp("desk"), vector_index="exact", min_answerable=0.0, contact="+31 555 0100"
    )
    texts: dict[str, str | None] = {
        "/robots": "Our robot vacuums empty themselves. A person of 18 or more may rent one.",
        "/complaints": "You complain by letter; a manager answers within 10 days. 投诉请写信，10天内回复。",
    }
    with KnowledgeBase(chosen, HashingEmbedder()) as knowledge_base:
        put_all(knowledge_base, texts)
        yield build_assistant(chosen, knowledge_base, None)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("are you a robot", "I am a program"), ("human please", "cannot put you through"), ("转人工",
        "+31 555 0100"),
        ("this is useless", "I am sorry"), ("what can you do", "from our documents"), ("你们是机器人吗",
        "不是真人"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("before", ["", "How do I complain?"])
def test_it_is_answered_at_once(desk: Assistant, message: str, said: str, before: str) -> None:
    """Nothing is searched for it, alone or within a conversation; a contact goes with what wants one."""
    history = [Message("customer", before), Message("assistant", desk.reply(before).text)] if before else []
    answer = desk.reply(message, history)
    assert answer.outcome is Outcome.CLARIFY
    assert said in answer.text
    assert not answer.hits
    assert ("+31 555 0100" in answer.text) == (message != "what can you do")


@pytest.mark.parametrize("question", ["hello, how do I complain?", "怎么投诉", "你好，怎么投诉"])
def test_a_question_beside_it_is_answered(desk: Assistant, question: str) -> None:
    """What is asked of the documents is looked for there, whatever is said before it."""
    assert desk.reply(question).outcome is Outcome.ANSWERED
