"""Answers in WARC files, `newsspider-00001.warc.gz` and so on, which other replay tools read.

In: an answer, or the place of one. Out: its place, or its body. `store/archive.py` has the places.

A record is on the disk before its place is saved. What a file has beyond the last place in it is of
a process that died, and the next record overwrites it.
"""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newsspider import __version__
from newsspider.errors import NotReadable, OutputError, Unwritable
from newsspider.store.files import put, trouble_of, write_whole

LARGEST_FILE = 32_000_000  # bytes; then a new file begins
_NAME, _NAMES = "newsspider-{:05}.warc.gz", "newsspider-*.warc.gz"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is: the number of its file, and which bytes of it."""

    file: int
    at: int
    length: int

    @property
    def end(self) -> int:
        return self.at + self.length


def check_installed() -> None:
    """Raise OutputError without the library that writes WARC files."""
    try:
        import warcio  # noqa: F401
    except ImportError as error:
        raise OutputError(
            "`archive: warc` needs warcio: pip install 'newsspider[archive]'"
        ) from error


def append(
    folder: Path, last: Place | None, url: str, status: int, type_: str, body: bytes, read: datetime
) -> Place:
    """Write an answer behind the record at `last`, the last one of the archive, and return its
    place. Raises Unwritable."""
    number, at = (last.file, last.end) if last else (1, 0)
    if at >= LARGEST_FILE:
        number, at = number + 1, 0
    head = b"" if at else _info(number)
    record = _record(url, status, type_, body, read)
    path = _path(folder, number)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644)
        try:
            os.ftruncate(handle, at)
            os.lseek(handle, at, os.SEEK_SET)
            put(handle, head + record)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Unwritable(f"{path}: cannot be written: {trouble_of(error)}") from error
    return Place(number, at + len(head), len(record))


def read(folder: Path, place: Place) -> bytes:
    """Return the body of an answer. Raises NotReadable if it is missing or damaged."""
    path = _path(folder, place.file)
    try:
        record = gzip.decompress(_bytes(path, place))
    except (OSError, EOFError, zlib.error) as error:
        raise NotReadable(f"{path.name}: is damaged or missing") from error
    _, _, block = record.partition(b"\r\n\r\n")
    _, _, body = block.partition(b"\r\n\r\n")
    return body.removesuffix(b"\r\n\r\n")


def compact(folder: Path, output: Path, kept: Sequence[Place], to: int) -> list[Place]:
    """Write the records at `kept`, all of one file, into the new file `to`; return their places
    there. Raises Unwritable or OSError."""
    parts, places = [_info(to)], []
    at = len(parts[0])
    for place in kept:
        data = _bytes(_path(folder, place.file), place)
        places.append(Place(to, at, len(data)))
        parts.append(data)
        at += len(data)
    write_whole(_path(folder, to), b"".join(parts), output)
    return places


def remove_others(folder: Path, files: Iterable[int]) -> None:
    """Remove all WARC files but these."""
    names = {_NAME.format(number) for number in files}
    for path in folder.glob(_NAMES):
        if path.name not in names:
            path.unlink(missing_ok=True)


def _path(folder: Path, number: int) -> Path:
    return folder / _NAME.format(number)


def _bytes(path: Path, place: Place) -> bytes:
    with path.open("rb") as file:
        file.seek(place.at)
        return file.read(place.length)


def _record(url: str, status: int, type_: str, body: bytes, read: datetime) -> bytes:
    """Return an answer as a record: what its site sent, unpacked, with its status and type."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    kind = type_.replace("\r", " ").replace("\n", " ")
    headers = [("Content-Type", kind)] if kind else []
    headers.append(("Content-Length", str(len(body))))
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    writer.write_record(
        writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(body),
            length=len(body),  # without it, it goes through a file that warcio leaves open
            http_headers=StatusAndHeaders(str(status), headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": f"{read.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"},
        )
    )
    return buffer.getvalue()


def _info(number: int) -> bytes:
    """Return the record with which a file begins."""
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    about = f"software: newsspider {__version__}\r\nformat: WARC File Format 1.0\r\n".encode()
    writer.write_record(
        writer.create_warc_record(
            "",
            "warcinfo",
            payload=io.BytesIO(about),
            length=len(about),
            warc_headers_dict={"WARC-Filename": _NAME.format(number)},
        )
    )
    return buffer.getvalue()
