"""How well newsspider notices that a source changed, and how often it cries wolf.

    python benchmarks/drift.py [--seed 1 --seed 2] [--only NAME] [--years 50] [--verbose]

Changes: papers of four kinds are crawled thirty times, then changed in one of sixty ways. Each
change must be reported in the same run, with the selector or the field named, or be read right all
the same; a report of drift for what the site file still reads is a false alarm.

Years: sources of six kinds publish for a year. Each may raise one false alarm on average, and
must be called silent within three times the gap that is usual for it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from drift_crawls import Result, results_of
from drift_years import KINDS, years

_GOAL = 0.95  # of the changes
_MOST_ALARMS = 1  # false ones of a source in a year, on average
_MOST_GAPS = 3  # usual ones, until a silence is noticed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, action="append", help="of the papers; may be repeated")
    parser.add_argument("--only", default="", help="changes whose name contains this")
    parser.add_argument("--years", type=int, default=50, help="sources that publish for a year")
    parser.add_argument("--verbose", action="store_true", help="show the reports of the faults")
    chosen = parser.parse_args()
    good = True
    for seed in chosen.seed or [1, 2]:
        good &= changes(seed, chosen.only, verbose=chosen.verbose)
        good &= not chosen.years or alarms(seed, chosen.years)
    return 0 if good else 1


def changes(seed: int, only: str, *, verbose: bool) -> bool:
    """Print how the changes of a seed were taken; return whether that meets the goal."""
    began = time.monotonic()
    # A reactor cannot start twice in one process.
    with (
        tempfile.TemporaryDirectory() as folder,
        multiprocessing.get_context("spawn").Pool(1) as one,
    ):
        results: list[Result] = one.apply(results_of, (seed, Path(folder), only))
    for result in results:
        print(f"  {result.verdict:12} {result.kind:8} {result.change}")
        if verbose and not result.good:
            print("".join(f"    | {line}\n" for line in result.words.splitlines()))
    tried = [result for result in results if not result.change.startswith("ordinary run")]
    good = sum(result.good for result in tried)
    counts = Counter(result.verdict for result in results)
    listed = ", ".join(f"{verdict} {number}" for verdict, number in counts.most_common())
    print(
        f"seed {seed}: {good} of {len(tried)} changes ({good / max(len(tried), 1):.0%}): {listed};"
        f" {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return good >= _GOAL * len(tried) and not counts["false alarm"]


def alarms(seed: int, number: int) -> bool:
    """Print the false alarms of the years of a seed; return whether they meet the goals."""
    began, all_years = time.monotonic(), list(years(seed, number))
    for kind in KINDS:
        of_kind = [year for year in all_years if year.kind == kind]
        noticed = [gaps for year in of_kind for gaps in year.noticed]
        print(
            f"  {kind:14} {len(of_kind)} sources: false alarms of silence"
            f" {sum(year.silences for year in of_kind)}, of counts"
            f" {sum(year.breaks for year in of_kind)}; silence noticed after"
            f" {max(noticed, default=0):.1f} usual gaps at most"
        )
    false = [year.silences + year.breaks for year in all_years]
    late = sum(gaps > _MOST_GAPS for year in all_years for gaps in year.noticed)
    print(
        f"seed {seed}: {sum(false) / len(false):.2f} false alarms of a source in a year,"
        f" {max(false)} at most; {late} silences noticed late; {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return sum(false) <= _MOST_ALARMS * len(false) and not late


if __name__ == "__main__":
    sys.exit(main())
