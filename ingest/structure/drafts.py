"""Which records are for customers: drafts, archived and internal ones of help centres and shops are not."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.structure.labels import field_key

_YES, _NO = ("true", "yes", "1", "y", "是"), ("false", "no", "0", "n", "否")
_DRAFT_FLAGS = frozenset(
    ("draft", "isdraft", "unpublished", "isarchived", "archived", "isdeleted", "deleted", "internal", "isinternal")
)
_PUBLISHED_FLAGS = frozenset(("published", "ispublished", "已发布", "是否发布"))
_STATES = frozenset(
    ("state", "status", "articlestatus", "articlestate", "currentstate", "publicationstatus", "publishstatus",
     "workflowstate", "poststatus", "状态", "狀態", "发布状态")
)  # fmt: skip
_UNPUBLISHED = frozenset(
    ("draft", "drafts", "unpublished", "notpublished", "archived", "trash", "trashed", "deleted", "inreview",
     "pendingreview", "private", "草稿", "未发布", "未發布", "已归档", "已歸檔", "已下架", "已删除", "已刪除")
)  # fmt: skip
_AUDIENCES = frozenset(("visibility", "visibleto", "可见性"))
_INTERNAL = frozenset(
    ("internal", "private", "staff", "agents", "agent", "company", "companyusers", "仅内部", "内部")
)
_MOMENTS = frozenset(("publishedat", "publishedon", "publisheddate"))
_FRESHDESK_DRAFT = "1"  # of a solution article's status; 2 is published


def is_draft(record: Mapping[str, object], *, has_text: bool) -> bool:
    """Tell whether a record says that it is not published, or not for customers.

    >>> is_draft({"title": "Fees", "body": "5 EUR", "state": "draft"}, has_text=True)
    True
    >>> is_draft({"Status": "Draft", "Meaning": "The order is not sent yet."}, has_text=False)
    False

    Args:
        record: field names to JSON values, or to cell texts.
        has_text: whether it has a text or an answer; a row about drafts is none.
    """
    fields = {field_key(str(name)): value for name, value in record.items()}
    for name, value in fields.items():
        word = _word(value)
        if name in _DRAFT_FLAGS and word in _YES:
            return True
        if name in _PUBLISHED_FLAGS and word in _NO:
            return True
        if not has_text:
            continue
        if (name in _STATES and word in _UNPUBLISHED) or (name in _AUDIENCES and word in _INTERNAL):
            return True
        if name in _MOMENTS and value is None:
            return True
    return has_text and "folderid" in fields and _word(fields.get("status")) == _FRESHDESK_DRAFT


def _word(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return field_key(str(value)) if isinstance(value, (str, int)) else ""
