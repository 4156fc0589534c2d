"""The cache of signatures: what it loses, it loses whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsspider.store.signatures import Signatures
from newsspider.text.similarity import Signature

TEXT = "A bridge of 2,300 metres opens on the fifteenth of next month. " * 3


def saved(folder: Path) -> Path:
    (folder / ".newsspider").mkdir(exist_ok=True)
    with closing(Signatures(folder)) as signatures:
        signatures.save("2026-11-20", "a", "hash", Signature.of(TEXT))
        signatures.save("2026-11-20", "short", "hash", None)
        signatures.save("2026-11-21", "b", "", Signature.of(TEXT))
    return folder / ".newsspider/signatures.sqlite"


def test_what_is_saved_is_read_by_day(tmp_path: Path) -> None:
    saved(tmp_path)
    with closing(Signatures(tmp_path)) as signatures:
        day = signatures.of_day("2026-11-20")
        assert (day["a"][0], day["short"]) == ("hash", ("hash", None))
        signature = Signature.of(TEXT)
        assert signature and day["a"][1] and day["a"][1].similarity(signature) == 1
        assert set(signatures.of_day("2026-11-21")) == {"b"}
        assert signatures.of_day("2026-11-22") == {}


def test_days_that_no_run_uses_are_forgotten(tmp_path: Path) -> None:
    saved(tmp_path)
    with closing(Signatures(tmp_path)) as signatures:
        signatures.of_day("2026-11-20")
        signatures.forget_days("2026-11-22")
        assert signatures.of_day("2026-11-20")
        assert signatures.of_day("2026-11-21") == {}


@pytest.mark.parametrize("minhash", [b"Rensa:RMinHash:1", "text", 7])
def test_a_signature_of_another_version_is_made_again(tmp_path: Path, minhash: object) -> None:
    file = saved(tmp_path)
    with closing(sqlite3.connect(file)) as other:
        other.execute("UPDATE signatures SET minhash = ? WHERE key = 'a'", (minhash,))
        other.commit()
    with closing(Signatures(tmp_path)) as signatures:
        assert set(signatures.of_day("2026-11-20")) == {"short"}


def test_a_broken_file_is_made_anew(tmp_path: Path) -> None:
    saved(tmp_path).write_bytes(b"no database at all" * 100)
    with closing(Signatures(tmp_path)) as signatures:
        assert signatures.of_day("2026-11-20") == {}
    saved(tmp_path)


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    with closing(Signatures(tmp_path, dry=True)) as signatures:
        signatures.save("2026-11-20", "a", "", None)
        assert signatures.of_day("2026-11-20") == {"a": ("", None)}
    assert list(tmp_path.iterdir()) == []
