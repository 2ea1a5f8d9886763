#!/usr/bin/env bash
# A bullet that ReportLab writes in a standard font is the control character DELETE to pypdf, and "(cid:127)" to
# pdfplumber; PDFium reads the bullet.
#
# Versions: reportlab 5.1.0, pypdf 7.1.1, pdfplumber 0.11.10, pypdfium2 5.15.2.
# Expected: "• one" from each, since the file is valid: ReportLab writes "•" in WinAnsiEncoding as code 127, and ISO
# 32000-1, annex D, says that in WinAnsiEncoding all unused codes above 40 (octal) map to the bullet.
# Seen: pypdf '\x7f one', pdfplumber '(cid:127) one', PDFium '• one'. So whoever tells lists by their bullets finds
# none in such files, and whoever drops control characters drops the only sign that there was one.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    reportlab==5.1.0 pypdf==7.1.1 pdfplumber==0.11.10 pypdfium2==5.15.2
"$folder/venv/bin/python" - "$folder/list.pdf" <<'PYTHON'
import sys

import pdfplumber
import pypdf
import pypdfium2
from reportlab.pdfgen.canvas import Canvas

path = sys.argv[1]
canvas = Canvas(path)
canvas.setFont("Helvetica", 12)
canvas.drawString(72, 700, "\u2022 one")
canvas.save()

seen = {"pypdf": pypdf.PdfReader(path).pages[0].extract_text().strip()}
with pdfplumber.open(path) as document:
    seen["pdfplumber"] = document.pages[0].extract_text().strip()
document = pypdfium2.PdfDocument(path)
seen["pdfium"] = document[0].get_textpage().get_text_range().strip()
print(seen)
assert seen == {"pypdf": "\x7f one", "pdfplumber": "(cid:127) one", "pdfium": "\u2022 one"}, "this has changed"
PYTHON
