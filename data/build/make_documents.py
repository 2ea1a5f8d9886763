"""Build the PDF, Word and Excel documents from the sources beside this script.

    python data/build/make_documents.py [word ...]

With words, only documents whose file name contains one of them are built.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

BUILD_DIR = Path(__file__).resolve().parent
sys.path.insert(0, str(BUILD_DIR))

from docsource import Source, read_source  # noqa: E402
from docx_writer import write_docx  # noqa: E402
from pdf_writer import write_pdf  # noqa: E402
from xlsx_writer import write_xlsx  # noqa: E402

WRITERS: dict[str, Callable[[Source], None]] = {
    ".pdf": write_pdf,
    ".docx": write_docx,
    ".xlsx": write_xlsx,
}


def main(words: list[str]) -> None:
    """Build the documents whose names contain one of the words, or all."""
    for path in sorted(BUILD_DIR.glob("*/*.md")):
        source = read_source(path, BUILD_DIR.parent)
        if words and not any(word in source.target.name for word in words):
            continue
        WRITERS[source.target.suffix](source)
        size = source.target.stat().st_size
        print(f"{source.target.relative_to(BUILD_DIR.parent)}  {size / 1000:.1f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
