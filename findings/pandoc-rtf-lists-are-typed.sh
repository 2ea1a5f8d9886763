#!/usr/bin/env bash
# Pandoc writes the lists of an RTF file as paragraphs with typed numbers: no list table, no \listtext, no \pntext.
#
# Version: the pandoc that pypandoc_binary 1.15 brings (printed below).
# Expected: lists as word processors write them, a list table with \ls in the paragraphs and the shown number in
# \listtext, which is what readers of RTF look at to tell an item from a paragraph.
# Seen: "4." as plain text behind a negative first-line indent (\fi-360) and a tab. A reader that looks for list marks
# sees paragraphs that begin with a number, like numbered headings; only the hanging indent tells.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypandoc_binary==1.15
"$folder/venv/bin/python" - <<'PYTHON'
import re

import pypandoc

written = pypandoc.convert_text("4. receipt\n5. passport\n", "rtf", format="markdown", extra_args=["--standalone"])
print("pandoc", pypandoc.get_pandoc_version())
print(re.findall(r"\{\\pard[^{}]*(?:receipt|passport)[^{}]*\}", written))
assert not re.search(r"\\(?:listtext|pntext|ls\d|listtable)", written), "this has changed: lists are marked"
assert re.search(r"\\fi-\d+[^{}]*4\.\\tx\d+\\tab *receipt", written.replace("\n", " ")), "this has changed"
PYTHON
