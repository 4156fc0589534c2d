"""Files that appear whole, and what is told when they cannot."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from newsspider.errors import Unwritable
from newsspider.store.files import (
    FOLDER,
    read_file,
    read_text,
    sync_folder,
    trouble_of,
    write_whole,
)


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "c.md"
    for data in (b"first", b"second" * 100_000, b""):
        write_whole(file, data, tmp_path, lasting=True)
        assert file.read_bytes() == data
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_file_that_cannot_be_is_a_fault_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("folder", "x" * 300):
        with pytest.raises(OSError):
            write_whole(tmp_path / name, b"x", tmp_path)
    write_whole(tmp_path / "file", b"x", tmp_path)
    assert list((tmp_path / FOLDER).iterdir()) == []


def test_a_link_in_place_of_the_unfinished_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / f"unfinished-{os.getpid()}.tmp").symlink_to(tmp_path / "precious")
    with pytest.raises(OSError):
        write_whole(tmp_path / "file", b"x", tmp_path)
    assert (tmp_path / "precious").read_text() == "precious"


SMALL = """
import sys
from pathlib import Path
from newsspider.store.files import Unwritable, write_whole
folder = Path(sys.argv[1])
write_whole(folder / "file", b"old", folder)
try:
    write_whole(folder / "file", b"x" * 2000, folder)
except Unwritable as error:
    print(error)
"""


def test_a_disk_that_is_full_in_the_middle_leaves_the_old_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SMALL, str(tmp_path)],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert "file: cannot be written: the file is too large for the disk" in done.stdout
    assert (tmp_path / "file").read_bytes() == b"old"
    assert list((tmp_path / FOLDER).iterdir()) == []


LINE = """
import sys
from pathlib import Path
from newsspider.errors import Unwritable
from newsspider.store.files import append_line
for line in ("a" * 600, "b" * 600):
    try:
        append_line(Path(sys.argv[1], "lines"), line)
    except Unwritable as error:
        print(error)
"""


def test_a_disk_that_is_full_in_the_middle_of_a_line_keeps_no_part_of_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LINE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert "lines: cannot be written" in done.stdout
    assert (tmp_path / "lines").read_text() == "a" * 600 + "\n"


def test_a_really_full_disk_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    from newsspider.store.files import put

    full = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(OSError) as told:
        put(full, b"x")
    os.close(full)
    assert trouble_of(told.value) == "the disk is full"


def test_troubles_are_told_in_plain_words() -> None:
    assert trouble_of(OSError(errno.EROFS, "x")) == "the disk is read-only"
    assert trouble_of(OSError(errno.EINVAL, "Invalid argument")) == "Invalid argument"


def test_a_folder_that_is_not_there_needs_no_syncing(tmp_path: Path) -> None:
    sync_folder(tmp_path / "none")
    with pytest.raises(NotADirectoryError):
        (tmp_path / "file").touch()
        sync_folder(tmp_path / "file")


def test_a_lasting_fault_is_not_an_oserror() -> None:
    assert not issubclass(Unwritable, OSError)  # an article's fault must not be taken for the run's


def test_only_a_regular_file_is_read(tmp_path: Path) -> None:
    file, fifo = tmp_path / "file", tmp_path / "fifo"
    file.write_bytes(b"a\r\nb\n")
    os.mkfifo(fifo)
    assert read_file(file) == b"a\r\nb\n"
    assert read_text(file) == "a\nb\n"
    (tmp_path / "endless").symlink_to("/dev/zero")
    for other in (fifo, tmp_path / "endless", tmp_path):
        with pytest.raises(OSError, match=r"is not a regular file|[Dd]irectory"):
            read_file(other)
