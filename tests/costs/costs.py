"""The CPU time that each kind of page costs in each shape: `make costs`.

Reads a page of each shape with what reads it in a crawl, for as long as a crawl reads a page before
it leaves it to the reader process. Prints the CPU time of each byte, the most expensive first, and
ends with 1 if a page took more than the limit: it would hold up the run.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from costs.readers import READERS, read
from newsspider.text.budget import BRIEF

LIMIT = 2.0  # seconds of CPU time


@dataclass(frozen=True)
class Cost:
    """The CPU time for a page, in seconds."""

    kind: str
    shape: str
    size: int
    seconds: float
    outcome: str

    def __str__(self) -> str:
        per_byte = 1e6 * self.seconds / self.size
        label = f"{self.kind}: {self.shape}"
        return f"{self.seconds:7.2f} s {per_byte:8.3f} µs/byte  {label:50} {self.outcome[:90]}"


def cost(kind: str, shape: str, size: int, most: float = 3 * LIMIT, seconds: float = BRIEF) -> Cost:
    """Return what a page costs within a budget of `seconds`; a process that takes `most` seconds is
    ended."""
    read(kind, next(iter(READERS[kind].shapes.values()))(3000))  # so that all is imported
    body = READERS[kind].shapes[shape](size)
    out, into = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(out)
        resource.setrlimit(resource.RLIMIT_CPU, (int(most), int(most) + 1))
        began = time.process_time()
        try:
            outcome = read(kind, body, seconds)
        except BaseException as error:
            outcome = f"FAULT {type(error).__name__}: {error}"
        spent = time.process_time() - began
        os.write(into, f"{spent}\n{outcome}".encode()[:4000])
        os._exit(0)
    os.close(into)
    with os.fdopen(out, encoding="utf-8", errors="replace") as answer:
        lines = answer.read().split("\n", 1)
    _, status, usage = os.wait4(pid, 0)
    if len(lines) < 2:
        spent = usage.ru_utime + usage.ru_stime
        return Cost(kind, shape, len(body), spent, f"ENDED by signal {status}")
    return Cost(kind, shape, len(body), float(lines[0]), lines[1])


def costs(size: int, only: str = "") -> Iterator[Cost]:
    """Yield the costs of all shapes of all kinds of pages, of which the name contains `only`."""
    for kind, reader in READERS.items():
        for shape in reader.shapes:
            if only in f"{kind}: {shape}":
                yield cost(kind, shape, size)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, default=5, help="of a page, in MB")
    parser.add_argument("--only", default="", help="a part of the names of kinds and shapes")
    options = parser.parse_args()
    results = []
    for result in costs(int(options.size * 1e6), options.only):
        print(result, flush=True)
        results.append(result)
    results.sort(key=lambda result: -result.seconds)
    bad = [r for r in results if r.seconds > LIMIT or r.outcome.startswith(("FAULT", "ENDED"))]
    print(f"\n{len(results)} pages, {len(bad)} of them over {LIMIT:g} s:")
    print(*(bad or results[:10]), sep="\n")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
