#!/usr/bin/env bash
# In forms of PDFs that WeasyPrint writes, options without a ``value`` attribute all have the empty value, and so has
# the field, whichever is selected.
#
# Versions: weasyprint 70.0, pypdf 7.1.1 (to read the form).
# Expected: the value "Blue" and the options "Red" and "Blue" for ``<option>Red<option selected>Blue``, since HTML says
# that the value of an option without the attribute is its text; with the attribute it is so.
# Seen: the field's /V is '' and /Opt is [['', 'Red'], ['', 'Blue']]: nothing in the form tells which is selected, and
# whoever reads or sends it gets an empty choice.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check weasyprint==70.0 pypdf==7.1.1
"$folder/venv/bin/python" - "$folder/form.pdf" <<'PYTHON'
import sys

from pypdf import PdfReader
from weasyprint import HTML

page = """<!DOCTYPE html><html lang="en"><title>Colours</title><form>
<select name="bare"><option>Red</option><option selected>Blue</option></select>
<select name="named"><option value="Red">Red</option><option value="Blue" selected>Blue</option></select></form>"""
HTML(string=page).write_pdf(sys.argv[1], pdf_forms=True)
fields = PdfReader(sys.argv[1]).get_fields()
seen = {name: (field["/V"], [tuple(option) for option in field["/Opt"]]) for name, field in fields.items()}
print(seen)
assert seen["named"] == ("Blue", [("Red", "Red"), ("Blue", "Blue")])
assert seen["bare"] == ("", [("", "Red"), ("", "Blue")]), "this has changed"
PYTHON
