#!/usr/bin/env bash
# Pandoc writes a cell that spans rows in an ODT file without the covered cells that it covers.
#
# Version: the pandoc that pypandoc_binary 1.15 brings (printed below).
# Expected: OpenDocument 1.3, part 3, 9.1.5: a position of the table that a spanning cell covers is written as
# <table:covered-table-cell>, as LibreOffice does, so that the n-th cell element of a row stands in the n-th column.
# Seen: table:number-rows-spanned="2" in the first row, and in the second one cell element less than there are
# columns. A reader that counts cell elements moves every later cell of that row one column to the left.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypandoc_binary==1.15
"$folder/venv/bin/python" - "$folder/table.odt" <<'PYTHON'
import re
import sys
import zipfile

import pypandoc

TABLE = """
+-------+-------+
| zone  | fee   |
+=======+=======+
| north | $8    |
|       +-------+
|       | $9    |
+-------+-------+
"""
pypandoc.convert_text(TABLE, "odt", format="rst", outputfile=sys.argv[1])
content = zipfile.ZipFile(sys.argv[1]).read("content.xml").decode()
rows = [re.findall(r"<table:(covered-)?table-cell\b", row) for row in content.split("<table:table-row")[1:]]
print("pandoc", pypandoc.get_pandoc_version(), "cells of each row:", [len(row) for row in rows])
assert 'number-rows-spanned="2"' in content, "this has changed: the span is not written"
assert [len(row) for row in rows] == [2, 2, 1], "this has changed"
PYTHON
