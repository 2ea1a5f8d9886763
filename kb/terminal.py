"""Command-line manners shared by all commands: data to stdout, talk to stderr, exit codes 0, 1 and 2."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from kb.errors import FaqError

JSON_HELP = "Print JSON."


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
    """Write one JSON value on one line to stdout."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn one of our errors into a line on stderr and exit code 1, an interrupt into 130."""
    try:
        yield
    except FaqError as error:
        say(f"error: {type(error).__name__}: {error}")
        raise SystemExit(1) from error
    except KeyboardInterrupt:
        say("interrupted: nothing that was published has changed; run the same command again")
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
    """Yield the objects of a JSON Lines file.

    Raises:
        FaqError: the file cannot be read, or a line of it is not a JSON object.
    """
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise FaqError(f"line {number} of {path} is {line.strip()[:40]!r}, a JSON object was wanted")
                yield row
    except (OSError, ValueError) as error:
        raise FaqError(f"{path} cannot be read as JSON Lines ({error}): write one JSON object a line") from error
