"""Lists of tasks: what is done and what is open, as editors and wikis write it, becomes a box before its words."""

from __future__ import annotations

from bs4.element import NavigableString, Tag

from ingest.text.symbols import CHECKED, UNCHECKED

_STATES = {"true": True, "checked": True, "complete": True, "done": True}
_WIKI_LISTS = frozenset(["inline-task-list", "task-list-confluence"])


def write_tasks(root: Tag) -> None:
    """Put a box before the words of each task that carries its state in an attribute, a class or an element."""
    for task in root.find_all("ac:task"):
        _take_stored(task)
    for tasks in root.find_all("ac:task-list"):
        tasks.name = "ul"
    for item in root.find_all("li"):
        done = _state(item)
        if done is not None and item.find("input") is None:
            item.insert(0, NavigableString(f"{CHECKED if done else UNCHECKED} "))


def _take_stored(task: Tag) -> None:
    """Make an item of a task as Confluence stores it: number, state and words in elements of their own."""
    status, body = task.find("ac:task-status"), task.find("ac:task-body")
    task["data-checked"] = status.get_text(strip=True) if isinstance(status, Tag) else ""
    for part in task.find_all(["ac:task-id", "ac:task-uuid", "ac:task-status"]):
        part.decompose()
    if isinstance(body, Tag):
        body.unwrap()
    task.name = "li"


def _state(item: Tag) -> bool | None:
    """Return whether a task is done; None for an item that is no task."""
    above = item.parent
    for element, name in ((item, "data-checked"), (item, "data-list"), (above, "data-checked")):
        stated = str(element.get(name) or "").lower() if element is not None and element.has_attr(name) else ""
        if element is not None and element.has_attr(name) and (name != "data-list" or "check" in stated):
            return _STATES.get(stated, False)
    lists = set(above.get("class") or ()) if above is not None else set()
    if lists & _WIKI_LISTS or (above is not None and above.has_attr("data-inline-tasks-content-id")):
        return "checked" in (item.get("class") or ())
    return None
