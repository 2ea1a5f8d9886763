"""Where people can open what is cited: the address of a page, or of a file on this machine."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from assistant.audit.types import AuditedCitation

LINK = re.compile(r"(?:https?|file)://", re.IGNORECASE)
_PAGED = ".pdf"  # whose viewers open a page that is named (RFC 8118)


def link_of(citation: AuditedCitation) -> str:
    """Return a link to the document of a citation, with its page where viewers know it; empty where there is none.

    Only ``http``, ``https`` and ``file`` are ever linked to.
    """
    address, record = citation.document_uri, citation.record_id
    if record is not None:
        address = address.removesuffix(f"#{record}")
    if re.match(r"https?://", address, re.IGNORECASE):
        return address
    path = PurePosixPath(address)
    if not path.is_absolute():
        return ""
    page = f"#page={citation.page}" if citation.page is not None and path.suffix.lower() == _PAGED else ""
    return path.as_uri() + page
