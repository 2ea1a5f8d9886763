"""Command-line manners shared by all commands: data to stdout, talk to stderr, exit codes 0, 1 and 2."""

from __future__ import annotations

import codecs
import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any

from kb.errors import BrandError, FaqError
from kb.interrupt import Interrupted
from kb.language.characters import escape_halves

JSON_HELP = "Print JSON."
STANDARD_INPUT = Path("-")
"""The path by which a command is told to read its standard input."""


def plain(value: Any) -> Any:
    """Return a value of our types as what JSON can hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(item) for item in value]
    if isinstance(value, date | Path):
        return str(value)
    return value


def print_json(value: Any) -> None:
    """Write one JSON value on one line to stdout; half characters (of a file's name) as JSON escapes them."""
    sys.stdout.write(escape_halves(json.dumps(plain(value), ensure_ascii=False)) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(escape_halves(text) + "\n")
    sys.stderr.flush()


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn one of our errors into a line on stderr and exit code 1, an interrupt into 130.

    That no brand was named where one has to be is wrong usage: exit code 2.
    """
    try:
        yield
    except FaqError as error:
        say(f"error: {type(error).__name__}: {error}")
        raise SystemExit(2 if isinstance(error, BrandError) else 1) from error
    except UnicodeEncodeError as error:  # of an argument or a name that no door has looked at
        seen = escape_halves(str(error.object))[:200]
        say(f"error: {seen!r} holds bytes that are no UTF-8: name it otherwise")
        raise SystemExit(1) from error
    except KeyboardInterrupt as interrupt:
        message = interrupt.message if isinstance(interrupt, Interrupted) else "interrupted: nothing was changed"
        say(message)
        raise SystemExit(130) from None


def short(uri: str) -> str:
    """Return a path as seen from the working directory where it lies below it, else as it is."""
    if not uri.startswith("/"):
        return uri
    path, mark, record = uri.partition("#")
    try:
        return str(Path(path).relative_to(Path.cwd())) + mark + record
    except ValueError:
        return uri


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file, or of standard input where the path is ``-``.

    Raises:
        FaqError: the file cannot be read, or a line of it is not a JSON object.
    """
    named = "standard input" if path == STANDARD_INPUT else str(path)
    try:
        with nullcontext(sys.stdin.buffer) if path == STANDARD_INPUT else path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                row = _read_row(line.removeprefix(codecs.BOM_UTF8), f"line {number} of {named}")
                if row is not None:
                    yield row
    except OSError as error:
        raise FaqError(f"{named} cannot be read ({error}): check the path") from error


def _read_row(line: bytes, place: str) -> dict[str, Any] | None:
    """Return the object on a line, None for a blank one."""
    try:
        text = line.decode("utf-8").strip()
        row = json.loads(text) if text else None
    except UnicodeDecodeError as error:
        seen = line[error.start : error.start + 1].hex()
        raise FaqError(
            f"{place} is no UTF-8 (byte 0x{seen} at place {error.start + 1}): save the file as UTF-8"
        ) from error
    except (ValueError, RecursionError) as error:
        raise FaqError(f"{place} is no JSON ({error}): write one JSON object a line") from error
    if row is not None and not isinstance(row, dict):
        raise FaqError(f"{place} is {text[:40]!r}, a JSON object was wanted")
    return row
