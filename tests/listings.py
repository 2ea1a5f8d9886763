"""Pages with a list that answers a question, of all marks, formats and settings, made from a seed."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

_STEPS = {
    "en": [
        "Open the {a} page and sign in with your customer number", "Choose {a} in the menu on the left",
        "Type the number that is printed on the {a}", "Take a photo of the {a} in daylight and upload it",
        "Remove the {a} and keep it in a dry place", "Wait until the {a} shows a green light",
        "Hand the {a} to the colleague at the desk", "Check that the {a} is firmly closed",
        "Write the date and your name on the {a}", "Turn the {a} to the left until it clicks",
        "Scan the code on the {a} with your phone", "Ask the driver to sign the {a}",
    ],
    "zh": [
        "打开{a}页面，用客户编号登录", "在左侧菜单里选择{a}", "输入印在{a}上的号码",
        "在日光下拍下{a}的照片并上传",
        "取下{a}，放在干燥的地方", "等到{a}亮起绿灯", "把{a}交给柜台的同事", "检查{a}是否关紧",
        "在{a}上写下日期和姓名", "把{a}向左转到底，直到听见咔嗒一声", "用手机扫描{a}上的二维码",
        "请司机在{a}上签字",
    ],
}  # fmt: skip
_PAPERS = {
    "en": [
        "A copy of the {a}, certified within the last {n} months", "The original {a} with a stamp on each page",
        "Two photographs for the {a}, {n} mm wide", "The signed {a} of the last {n} weeks",
        "A letter of your employer about the {a}", "Proof that the {a} was paid at least {n} days ago",
    ],
    "zh": [
        "{a}的复印件，须在{n}个月内盖章", "{a}原件，每一页都要有印章", "用于{a}的照片两张，宽{n}毫米",
        "最近{n}周内签字的{a}",
        "单位出具的关于{a}的证明", "{a}已在{n}天前付清的凭证",
    ],
}  # fmt: skip
_THINGS = {
    "en": "transit pass|booking slip|water filter|meter cover|rental form|service badge|fuel card|locker key"
    "|parcel tag"
    "|garden permit|boat licence|tool case|safety valve|guest list|heating panel|storage box|school voucher"
    "|pump hose"
    "|delivery note|spare battery|bike lock|wall bracket|membership sheet|inspection report|pet passport"
    "|tax slip"
    "|drain plug|fire blanket|tent frame|ticket stub|oven tray|ladder hook|cargo net|hiking map|rescue whistle"
    "|paint roller|garage remote|window handle|camping stove|museum card",
    "zh": "月票卡|预约单|滤水芯|电表盖|租赁表|工作证|加油卡|储物柜钥匙|包裹标签|花园许可证|船只执照|工具箱"
    "|安全阀|来宾名单|取暖面板|收纳盒"
    "|校服券|水泵软管|送货单|备用电池|车锁|墙面支架|会员表|检验报告|宠物护照|税单|排水塞|灭火毯|帐篷支架|票根"
    "|烤盘|梯钩|货网|徒步地图"
    "|求生哨|油漆滚筒|车库遥控器|窗把手|露营炉|博物馆卡",
}
_SUBJECTS = {
    "en": "harbour berth|allotment garden|rooftop solar lease|studio piano|market stall|ski cabin"
    "|school bus seat"
    "|beekeeping licence|river tour|chess club room|pottery kiln|night shuttle|car boot sale|choir robe"
    "|tennis court"
    "|bread oven slot|film permit|drone flight|sauna evening|library locker|horse box|vineyard visit|swim lane"
    "|repair cafe table|balcony awning",
    "zh": "码头泊位|社区菜园|屋顶光伏|琴房|集市摊位|滑雪小屋|校车座位|养蜂许可|游船包场|棋牌室|陶艺窑|夜间班车"
    "|跳蚤市场摊位|合唱礼服|网球场"
    "|面包烤炉|拍摄许可|无人机航拍|桑拿专场|图书馆储物柜|马匹运输箱|酒庄参观|泳道|维修咖啡角|阳台遮阳篷",
}
_PLACES = {
    "en": "Velmoor|Ostmar|Tarnby|Quillon|Hesperin|Drayfeld|Nordhaven|Calverna",
    "zh": "云溪|临岚|白渡|青柘|南屿|望澜|赤岗|锦渠",
}
_HAN = "一二三四五六七八九十"
_ENGLISH = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _han(n: int) -> str:
    return (
        _HAN[n - 1]
        if n <= 10
        else ("十" + _HAN[n - 11] if n < 20 else _HAN[n // 10 - 1] + "十" + (_HAN[n % 10 - 1] if n % 10 else ""))
    )


MARKS: dict[str, Callable[[int], str]] = {
    "1.": lambda n: f"{n}. ",
    "1)": lambda n: f"{n}) ",
    "(1)": lambda n: f"({n}) ",
    "1、": lambda n: f"{n}、",
    "-": lambda n: "- ",
    "•": lambda n: "• ",
    "a)": lambda n: f"{chr(96 + n)}) ",
    "①": lambda n: chr(0x245F + n),
    "一、": lambda n: f"{_han(n)}、",
    "（一）": lambda n: f"（{_han(n)}）",
    "Step 1:": lambda n: f"Step {n}: ",
    "第一步": lambda n: f"第{_han(n)}步：",
    "✓": lambda n: "✓ ",
}
_OF = {
    "en": ["1.", "1)", "(1)", "-", "•", "a)", "①", "Step 1:", "✓"],
    "zh": ["1.", "1、", "（一）", "一、", "-", "①", "第一步", "•"],
}
LEADS = ("none", "colon", "sentence", "sentences", "open")
TAILS = ("", "exceptions", "not", "condition", "list")
FORMS = ("md", "html", "docx", "txt", "csv", "jsonl", "pdf")
_WORDS = {
    "en": {
        "colon": "Proceed in this order:", "sentence": "Please read the whole page before you begin.",
        "sentences": "All this takes about ten minutes. Nothing of it costs anything.", "open": "What it takes",
        "exceptions": "Exceptions: students and members of the crew.", "not": "Cash is not accepted.",
        "condition": "Without a reply within 9 days the request lapses.",
        "before": "The {s} was opened in spring and is looked after by volunteers. It stands near the old mill.",
        "behind": "We look forward to seeing you there. The team says thanks to all who helped with the {s}.",
        "how": "How do I get a {s}?", "which": "Which documents do I need for a {s}?",
        "heading": "Getting a {s}",
        "papers": "Papers for a {s}", "title": "Guide to the {s}", "exempt": "Exceptions:",
        "more": "Keep the receipt for {n} days", "sub": "This also holds for the {a} of a guest",
    },
    "zh": {
        "colon": "请按以下顺序办理：", "sentence": "开始之前请先读完本页。",
        "sentences": "全程约十分钟。一切免费。", "open": "办理内容",
        "exceptions": "例外：学生和船员。", "not": "不接受现金。", "condition": "九天内未回复的，申请作废。",
        "before": "{s}于春天开放，由志愿者打理。地点靠近老磨坊。",
        "behind": "期待您的光临。团队感谢所有为{s}出力的人。",
        "how": "怎么申请{s}？", "which": "申请{s}需要哪些材料？", "heading": "申请{s}", "papers": "{s}的材料",
        "title": "{s}指南",
        "exempt": "例外：", "more": "收据请保留{n}天", "sub": "客人的{a}也一样",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page with one list.

    Attributes:
        name: of its file, without ending.
        form: ending of its file.
        language: ``en`` or ``zh``.
        title: of the page.
        heading: above the list: a question, or what it is about.
        question: that a customer asks.
        mark: style of its items.
        before: a paragraph under the heading that is about something else; may be empty.
        lead: what leads to the list; may be empty.
        items: without marks; a line that begins with a tab goes on with the item above, or is nested in it.
        tail: what limits the list behind it; may be empty.
        behind: a paragraph behind it that is about something else; may be empty.
    """

    name: str
    form: str
    language: str
    title: str
    heading: str
    question: str
    mark: str
    before: str
    lead: str
    items: tuple[str, ...]
    tail: str
    behind: str

    @property
    def expected(self) -> list[str]:
        """What a reply must say: lead-in, items, and what limits them, each line of them."""
        return [line.strip() for part in (self.lead, *self.items, self.tail) for line in part.split("\n") if line]

    def lines(self) -> list[str]:
        """Return the list as lines with their marks, nested ones and continuations indented."""
        found: list[str] = []
        for number, item in enumerate(self.items, 1):
            first, *others = item.split("\n")
            found += [MARKS[self.mark](number) + first, *("   " + line.lstrip("\t") for line in others)]
        return found


def make_listing(
    seed: int, form: str | None = None, mark: str | None = None, language: str | None = None
) -> Listing:
    """Return a listing by chance; what is given is fixed."""
    chance = random.Random(seed)
    language = language or chance.choice(["en", "zh"])
    words = _WORDS[language]
    subject, place = _SUBJECTS[language].split("|")[seed % 25], _PLACES[language].split("|")[seed // 25 % 8]
    subject = f"{place}{subject}" if language == "zh" else f"{subject} in {place}"
    mark = mark or chance.choice(_OF[language])
    form = form or FORMS[seed % len(FORMS)]
    kind = chance.choice(["how", "which"])
    stored = form in ("csv", "jsonl")
    asked = stored or chance.random() < 0.5
    longest = {"①": 20, "Step 1:": 15, "a)": 20}.get(mark, 40)
    count = chance.choice([3, 5, 6, 7, 8, 9, 12, 14, min(longest, 18), longest])
    things = chance.sample(_THINGS[language].split("|"), min(count, 40))
    tail = chance.choice(TAILS)
    filler = not asked and chance.random() < 0.5
    question = words[kind].format(s=subject)
    return Listing(
        name=f"listing-{seed}", form=form, language=language, title=words["title"].format(s=subject),
        heading=question if asked else words["heading" if kind == "how" else "papers"].format(s=subject),
        question=question, mark=mark, before=words["before"].format(s=subject) if filler else "",
        lead=words.get(chance.choice(LEADS if not filler else LEADS[1:]), ""),
        items=tuple(_item(chance, kind, language, thing) for thing in things),
        tail=_tail(chance, tail, language), behind=words["behind"].format(s=subject) if filler else "",
    )  # fmt: skip


def _item(chance: random.Random, kind: str, language: str, thing: str) -> str:
    words, stop = _WORDS[language], "。" if language == "zh" else "."
    pool = (_STEPS if kind == "how" else _PAPERS)[language]
    text = chance.choice(pool).format(a=thing, n=chance.randint(2, 60)) + stop
    more = chance.random()
    if more < 0.15:
        text += ("" if language == "zh" else " ") + words["more"].format(n=chance.randint(2, 99)) + stop
    elif more < 0.25:
        text += "\n\t" + words["sub"].format(a=thing) + stop
    elif more < 0.35:
        text += "\n\t- " + words["sub"].format(a=thing) + "\n\t- " + words["more"].format(n=chance.randint(2, 99))
    return text


def _tail(chance: random.Random, kind: str, language: str) -> str:
    words = _WORDS[language]
    if kind != "list":
        return words.get(kind, "")
    things = chance.sample(_THINGS[language].split("|"), 3)
    return "\n".join([words["exempt"], *(f"- {thing}" for thing in things)])


def write_listing(listing: Listing, folder: Path) -> Path:
    """Write the page of a listing into a folder; return its file."""
    path = folder / f"{listing.name}.{listing.form}"
    writers = {
        "html": _html,
        "docx": _docx,
        "pdf": _pdf,
        "csv": _csv,
        "jsonl": _jsonl,
        "md": _markdown,
        "txt": _text,
    }
    writers[listing.form](listing, path)
    return path


def _paragraphs(listing: Listing) -> list[str]:
    """Return what stands under the heading, the list as one paragraph of lines."""
    parts = (listing.before, listing.lead, "\n".join(listing.lines()), listing.tail, listing.behind)
    return [part for part in parts if part]


def _markdown(listing: Listing, path: Path) -> None:
    typed = listing.mark not in ("1.", "1)", "-")
    lines = "\n\n".join(listing.lines()) if typed else "\n".join(listing.lines())
    parts = (listing.before, listing.lead, lines, listing.tail, listing.behind)
    body = "\n\n".join(part for part in parts if part)
    path.write_text(f"# {listing.title}\n\n## {listing.heading}\n\n{body}\n")


def _text(listing: Listing, path: Path) -> None:
    path.write_text("\n\n".join([listing.title, listing.heading, *_paragraphs(listing)]) + "\n")


def _csv(listing: Listing, path: Path) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["question", "answer"], [listing.heading, "\n".join(_paragraphs(listing))]])


def _jsonl(listing: Listing, path: Path) -> None:
    row = {"id": listing.name, "question": listing.heading, "answer": "\n".join(_paragraphs(listing))}
    path.write_text(json.dumps(row, ensure_ascii=False) + "\n")


def _html(listing: Listing, path: Path) -> None:
    if listing.mark in ("1.", "-"):
        tag = "ol" if listing.mark == "1." else "ul"
        inner = "".join(f"<li>{_html_item(item)}</li>" for item in listing.items)
        lines = f"<{tag}>{inner}</{tag}>"
    else:
        lines = "".join(f"<p>{escape(line)}</p>" for line in listing.lines())
    tail = "".join(f"<p>{escape(line)}</p>" for line in listing.tail.split("\n") if line)
    before, lead, behind = (
        f"<p>{escape(part)}</p>" if part else "" for part in (listing.before, listing.lead, listing.behind)
    )
    path.write_text(
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(listing.title)}</title></head><body>"
        f"<h1>{escape(listing.title)}</h1><h2>{escape(listing.heading)}</h2>{before}{lead}{lines}{tail}{behind}</body></html>"
    )


def _html_item(item: str) -> str:
    first, *others = [escape(line.strip()) for line in item.split("\n")]
    nested = [line[2:] for line in others if line.startswith("- ")]
    plain = "".join(f"<p>{line}</p>" for line in others if not line.startswith("- "))
    return first + plain + (f"<ul>{''.join(f'<li>{line}</li>' for line in nested)}</ul>" if nested else "")


def _docx(listing: Listing, path: Path) -> None:
    from docx import Document

    document = Document()
    document.add_heading(listing.title, 1)
    document.add_heading(listing.heading, 2)
    for part in (listing.before, listing.lead):
        if part:
            document.add_paragraph(part)
    style = {"1.": "List Number", "•": "List Bullet"}.get(listing.mark)
    for item, line in zip(listing.items, _items(listing), strict=True):
        if style:
            first, *others = item.split("\n")
            document.add_paragraph(first, style)
            for other in others:
                document.add_paragraph(other.strip("\t- "), "List Bullet 2")
        else:
            for written in line:
                document.add_paragraph(written)
    for part in (*listing.tail.split("\n"), listing.behind):
        if part:
            document.add_paragraph(part)
    document.save(str(path))


def _items(listing: Listing) -> list[list[str]]:
    """Return the lines of each item."""
    found: list[list[str]] = []
    for line in listing.lines():
        found = [*found, [line]] if not line.startswith("   ") else [*found[:-1], [*found[-1], line.strip()]]
    return found


def _pdf(listing: Listing, path: Path) -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    names: Sequence[str] = ("Heading1", "Heading2", "Normal")
    if listing.language == "zh":
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        for name in names:
            styles[name].fontName = "STSong-Light"
            styles[name].wordWrap = "CJK"
    styles["Normal"].spaceAfter = 6
    story: list[Flowable] = [Paragraph(escape(listing.title), styles["Heading1"])]
    story.append(Paragraph(escape(listing.heading), styles["Heading2"]))
    for part in _paragraphs(listing):
        story += [Paragraph(escape(line.strip()), styles["Normal"]) for line in part.split("\n")]
    SimpleDocTemplate(str(path), title=listing.title).build(story)
