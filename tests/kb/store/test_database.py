"""Databases that cannot be opened, copied or replaced are told in our own errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import SettingsError, StorageError
from kb.store.database import open_engine
from kb.store.schema import CATALOGUE
from kb.store.sqlite import copy_database, replace_database, without_log


@pytest.fixture
def junk(tmp_path: Path) -> Path:
    """A file that is no database."""
    path = tmp_path / "junk.sqlite3"
    path.write_bytes(b"Kettles can be returned. " * 400)
    return path


@pytest.mark.parametrize("url", ["no address", "nothing://x", "postgresql+psycopg://host:door/faq"])
def test_an_address_that_is_none_is_an_error_of_the_settings(url: str) -> None:
    """Whatever is wrong with a database's address, the setting is named."""
    with pytest.raises(SettingsError, match="FAQ_DATABASE cannot be used"):
        open_engine(url, CATALOGUE)


def test_what_is_no_database_is_neither_copied_nor_replaced(junk: Path, tmp_path: Path) -> None:
    """The driver's errors become one that names the file and says what to do."""
    whole = tmp_path / "whole.sqlite3"
    with pytest.raises(StorageError, match=r"junk\.sqlite3 cannot be copied .* `faq kb verify`"):
        copy_database(junk, tmp_path / "copy.sqlite3")
    with pytest.raises(StorageError, match=r"junk\.sqlite3 cannot be changed"):
        without_log(junk)
    open_engine(f"sqlite:///{whole}", CATALOGUE).dispose()
    with pytest.raises(StorageError, match=r"whole\.sqlite3 cannot be replaced"):
        replace_database(junk, whole)
