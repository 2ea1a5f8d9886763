"""Records become documents: which field is the question, the answer, the title, the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.formats.records.marked_up import may_be_marked_up, read_marked_up, shown, unwrap
from ingest.limits import MAX_RECORDS
from ingest.structure.drafts import is_draft
from ingest.structure.labels import BRAND, build_labels, check_names, field_key, label_role, read_date
from ingest.text.clean import clean, clean_line
from ingest.text.omissions import Omissions
from ingest.text.questions import is_question
from ingest.types import SourceFile
from kb.errors import LimitExceeded
from kb.types import Document, Omission, Omitted, Section, SectionKind

if TYPE_CHECKING:
    from ingest.formats.markup.fragment import Fragment

_ROLES: dict[str, str] = {
    "question": "question questions q query faq prompt standardquestion "
    "问题 問題 标准问 标准问题 標準問題 提问 问 問 "
    "常见问题 用户问题 相似问 相似问题",
    "answer": "answer answers a response reply standardanswer answerhtml answertext "
    "答案 回答 答复 答覆 回复 回覆 标准答案 解答 答",
    "text": "text content contents body passage body(html) bodyhtml htmlbody html contenthtml articlebody "
    "articlecontent postbody postcontent richtext cooked descriptionhtml 正文 内容 內容 文本 全文",
    "title": "title name subject headline productname articletitle posttitle "
    "标题 標題 名称 名稱 题目 主题 商品名称 产品名称 品名",
    "id": "id 编号 編號 序号",
}
_ROLE_OF = {name: role for role, names in _ROLES.items() for name in names.split()}

# Beside a text these say where it belongs, not what it says; a search that found them would find nothing.
_LABEL_LIKE = re.compile(
    r"^(?:_?(?:id|uuid|guid|key|hash|index|no|category|categories|topic|topics|tag|tags|type|kind|group|section|source"
    r"|.*url|uri|link|href|author|state|draft|isdraft|published|outdated|promoted|position|labelnames|locale|slug|handle"
    r"|permalink|visibility|archived|internal|votesum|votecount|commentsdisabled|userlocale|sourcelocale|status|version|created.*|updated.*|modified.*|date|timestamp|score|intent|domain)"
    r"|.*id|分类|分類|类别|類別|类目|标签|標籤|来源|來源|作者|状态|链接|更新时间|创建时间|日期|编号)$"
)
_DESCRIPTIONS = frozenset(
    ("description", "summary", "intro", "details", "描述", "商品描述", "商品详情", "产品描述", "详情")
)
"""Fields that are the text of a record where they hold HTML and no other field is one."""
_MADE_FROM = {"cooked": "raw", "bodyhtml": "bodymarkdown", "body(html)": "bodymarkdown"}
"""Fields that hold what is shown, and those that hold what it was made of."""
_REPEATED = 20  # characters from which on a field that stands in the text already is a copy of it
_TITLE = 60  # characters of a title taken from a text
_MAX_PHRASINGS = 8  # further ways to ask the same question that are stored


def field_role(name: str) -> str:
    """Return question, answer, text, title or id for a field's name in English or Chinese, else empty."""
    return _ROLE_OF.get(field_key(name), "")


def is_record_header(names: Sequence[str]) -> bool:
    """Tell whether a row names fields that records have: an id, a question, an answer, a text or a title."""
    return sum(bool(field_role(name) or label_role(name)) for name in names) >= 1


class RecordIds:
    """Gives every record of a file an id of its own; a repeated one gets ``-2``, ``-3`` …."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()
        self._count = 0

    def next(self, fields: Mapping[str, object], place: str) -> str:
        """Return the id of a record.

        Args:
            fields: of the record; the first one named ``id`` gives the id.
            place: line or row number, for a record without one.

        Raises:
            LimitExceeded: there are more records than one file may have.
        """
        self._count += 1
        if self._count > MAX_RECORDS:
            raise LimitExceeded(f"it has more than {MAX_RECORDS:,} records, too many for one file: split it")
        for named in ("id", "_id", "编号", "編號", "序号"):
            for name, value in fields.items():
                if (
                    field_key(name) == field_key(named)
                    and value not in (None, "")
                    and not isinstance(value, (dict, list))
                ):
                    return self._unique(clean_line(write_value(value)) or place)
        return self._unique(place)

    def _unique(self, wanted: str) -> str:
        self._seen[wanted] += 1
        if self._seen[wanted] == 1:
            return wanted
        return self._unique(f"{wanted}-{self._seen[wanted]}")


def write_value(value: object) -> str:
    """Return a JSON scalar, or a list of them, as a person writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(write_value(item) for item in value if item not in (None, ""))
    return str(value)


def flatten(value: object, name: str = "") -> dict[str, str]:
    """Return nested JSON as one level of fields with dotted names: ``{"a": {"b": 1}}`` gives ``a.b``."""
    if isinstance(value, Mapping):
        flat: dict[str, str] = {}
        for key, inner in value.items():
            flat.update(flatten(inner, f"{name}.{key}" if name else str(key)))
        return flat
    if isinstance(value, list) and any(isinstance(item, (Mapping, list)) for item in value):
        flat = {}
        for place, inner in enumerate(value, start=1):
            flat.update(flatten(inner, f"{name}.{place}"))
        return flat
    return {name or "value": write_value(value)}


def build_record(
    source: SourceFile,
    record_id: str,
    record: Mapping[str, object],
    title: str,
    *,
    headings: tuple[str, ...] = (),
    page: int | None = None,
) -> Document:
    """Return the document of one record.

    It has no sections where every field is empty, and where the source's recall knows that it is as it is stored.

    Args:
        source: the file it stands in.
        record_id: from ``RecordIds``.
        record: field names to JSON values, or to cell texts.
        title: the file's title; the record's own name is added to it, or takes its place beside a text.
        headings: what stands above the record in its file (a sheet's title line).
        page: 1-based sheet number, None elsewhere.

    Raises:
        UnknownLabel: a field's name is a mistyped label that would keep it from somebody.
    """
    uri = f"{source.uri}#{record_id}"
    if source.recall is not None and source.recall.knows(uri, title, headings, page, record):
        return Document(uri=uri, title=title, sections=(), record_id=record_id)
    check_names(record, f"a record of {source.path.name}", hiding_only=True)
    omitted = Omissions()
    record = {name: unwrap(value) for name, value in record.items()}
    roles, labels, others = _sort_fields(record)
    if is_draft(record, has_text=bool(roles.get("text") or roles.get("answer"))):
        words = " ".join(shown(value, omitted) for value in _flat_fields(record).values())
        return Document(
            uri=uri, title=title, sections=(), record_id=record_id, omitted=(Omission(Omitted.DRAFTS, 1, words),)
        )
    name = clean_line(shown((roles.get("title") or [""])[0], omitted))
    sections = _text_sections(roles, name, headings, page, omitted)
    others = {key: shown(value, omitted) for key, value in others.items()}
    if sections:
        taken = _solid(" ".join([section.text for section in sections]))
        rest = {key: value for key, value in others.items() if not _is_copy(value, taken)}
        rest = {key: value for key, value in rest.items() if not _LABEL_LIKE.match(field_key(key))}
        sections += _row_section(rest, headings, page)
        title = name or _first_question(sections) or _first_words(sections[0].text)
    else:
        fields = {key: shown(value, omitted) for key, value in _flat_fields(record).items()}
        sections = _row_section(fields, headings, page)
        others = {key: value for key, value in others.items() if _LABEL_LIKE.match(field_key(key))}
        title = f"{title}: {name}" if name and name != title else title
    found, warnings = build_labels(labels, others)
    return Document(
        uri=uri,
        title=title,
        sections=tuple(sections),
        record_id=record_id,
        labels=found,
        warnings=tuple(warnings),
        omitted=tuple(omitted),
    )


def _solid(text: str) -> str:
    return "".join(text.split())


def _is_copy(value: str, taken: str) -> bool:
    """Tell whether a field says again what stands in the text: the plain text beside the page."""
    solid = _solid(value)
    return len(solid) >= _REPEATED and solid in taken


def _sort_fields(
    record: Mapping[str, object],
) -> tuple[dict[str, list[str]], dict[str, str], dict[str, str]]:
    """Return the texts by role, the fields that are labels, and all others that are not empty."""
    roles: dict[str, list[str]] = {}
    others: dict[str, str] = {}
    labels: dict[str, str] = {}
    # In a list of products, a column of that name says who made them; a stored answer is given for a brand.
    is_answer = any(field_role(name) == "answer" and value for name, value in record.items())
    sources = {_MADE_FROM.get(field_key(name)) for name, value in record.items() if value}
    for name, value in record.items():
        role = field_role(name)
        if field_key(name) in sources:
            continue
        if isinstance(value, Mapping) or (role not in ("question", "answer") and isinstance(value, list)):
            role = ""
        if role in ("question", "answer", "text", "title"):
            texts = [write_value(item) for item in value] if isinstance(value, list) else [write_value(value)]
            roles.setdefault(role, []).extend(text for text in texts if text.strip())
        elif _is_label(name, value, is_answer=is_answer):
            labels.setdefault(name, write_value(value))
        else:
            others.update(
                flatten(value, name) if isinstance(value, (Mapping, list)) else {name: write_value(value)}
            )
    others = {name: value for name, value in others.items() if value.strip()}
    if not roles.get("text") and not roles.get("answer"):
        for name in [one for one in others if field_key(one) in _DESCRIPTIONS and may_be_marked_up(others[one])]:
            roles.setdefault("text", []).append(others.pop(name))
    return roles, labels, others


def _flat_fields(record: Mapping[str, object]) -> dict[str, str]:
    """Return the fields as one level of names and texts, nested ones after the others."""
    row: dict[str, str] = {}
    nested: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, (Mapping, list)):
            nested.update(flatten(value, key))
        else:
            row[key] = write_value(value)
    return row | nested


def _is_label(name: str, value: object, *, is_answer: bool) -> bool:
    role = label_role(name)
    if role == BRAND and not is_answer:
        return False
    return bool(role) and not (role.startswith("valid") and _is_no_date(value))


def _is_no_date(value: object) -> bool:
    """Tell whether a field named like a date of validity holds something else (``after 12 hours``)."""
    return bool(write_value(value).strip()) and read_date(write_value(value)) is None


def _first_question(sections: Sequence[Section]) -> str:
    return next((section.question for section in sections if section.question), "")


def _first_words(text: str) -> str:
    """Return the first line, or as many of its words as make a title: a file's name says nothing of a record."""
    line = text.partition("\n")[0]
    return line if len(line) <= _TITLE else line[:_TITLE].rpartition(" ")[0].rstrip(",;:") or line[:_TITLE]


def _text_sections(
    roles: Mapping[str, list[str]],
    name: str,
    headings: tuple[str, ...],
    page: int | None,
    omitted: Omissions,
) -> list[Section]:
    """Return question-answer and prose sections, none where the record has neither answer nor text."""
    asked_of = [shown(question, omitted) for question in roles.get("question", [])]
    questions = list(dict.fromkeys(map(clean_line, asked_of)))
    answers = [clean(shown(answer, omitted)) for answer in roles.get("answer", [])]
    fragments = [(text, read_marked_up(text, omitted)) for text in roles.get("text", [])]
    texts = [clean(text if fragment is None else fragment.text) for text, fragment in fragments]
    if not answers and not questions and not is_question(name) and _has_headings(fragments):
        return [
            replace(section, headings=(*headings, *section.headings), page=page)
            for _, fragment in fragments
            for section in (fragment.sections if fragment else ())
        ]
    kind = SectionKind.QUESTION_ANSWER
    if not answers and (questions or is_question(name)) and texts:
        answers, texts = texts, []
    if answers:
        answer = "\n\n".join(answers)
        asked = questions or ([name] if name else [])
        sections = [
            Section(text=answer, headings=headings, page=page, kind=kind, question=question)
            for question in asked[:_MAX_PHRASINGS]
        ]
        sections = sections or [Section(text=answer, headings=headings, page=page)]
    else:
        sections = []
        texts = [*questions, *texts] if texts else []
    for text in texts:
        question, answer = split_question(text)
        if question:
            sections.append(Section(text=answer, headings=headings, page=page, kind=kind, question=question))
        elif text.strip():
            sections.append(Section(text=text, headings=headings, page=page))
    return sections


def _has_headings(fragments: Sequence[tuple[str, Fragment | None]]) -> bool:
    """Tell whether all texts are pages, of which one has headings or tables of its own."""
    pages = [fragment for _, fragment in fragments if fragment is not None]
    return len(pages) == len(fragments) and any(len(page.sections) > 1 for page in pages)


def split_question(text: str) -> tuple[str, str]:
    """Return the question that is the first line of ``text`` and what follows it; ``("", "")`` without one."""
    first, _, rest = text.partition("\n")
    if rest.strip() and is_question(first):
        return clean_line(first), clean(rest)
    return "", ""


def _row_section(fields: Mapping[str, str], headings: tuple[str, ...], page: int | None) -> list[Section]:
    parts = []
    for name, value in fields.items():
        written = clean_line(value)
        if written:
            parts.append(f"{clean_line(name)}: {written}" if clean_line(name) else written)
    return (
        [Section(text="; ".join(parts), headings=headings, page=page, kind=SectionKind.TABLE_ROW)] if parts else []
    )
