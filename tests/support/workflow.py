"""The steps of a GitHub workflow, run one by one on this machine, with stubs for its programs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Step:
    """What a step came to; `outputs` are those that it set."""

    code: int
    log: str
    outputs: Mapping[str, str]


class Runner:
    """A machine that runs steps of a workflow in a checkout. Its home and its programs are in
    `folder`; programs that are not there are those of the system."""

    def __init__(self, workflow: Path, checkout: Path, folder: Path) -> None:
        self.values: dict[str, Any] = yaml.safe_load(workflow.read_text("utf-8"))
        self.checkout = checkout
        self.folder = folder
        self.bin = folder / "newsspider/bin"
        self.bin.mkdir(parents=True)

    @property
    def steps(self) -> dict[str, dict[str, Any]]:
        steps = (step for job in self.values["jobs"].values() for step in job["steps"])
        return {step["id"]: step for step in steps if "id" in step}

    def stub(self, name: str, script: str) -> None:
        """Put a program on the path: a shell script, called with the arguments."""
        file = self.bin / name
        file.write_text(f"#!/bin/bash\n{script}\n")
        file.chmod(0o755)

    def __call__(self, step: str, **env: str) -> Step:
        """Run a step; `env` are the values of its variables, empty where none is given."""
        output, script = self.folder / "outputs.txt", self.folder / f"{step}.sh"
        output.write_text("")
        script.write_text(self.steps[step]["run"], "utf-8")
        given = {**self.values["env"], **dict.fromkeys(self.steps[step].get("env", ()), ""), **env}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", script],
            cwd=self.checkout,
            env={
                **os.environ,
                "PATH": f"{self.bin}:{os.environ['PATH']}",
                "HOME": str(self.folder),
                "RUNNER_TEMP": str(self.folder),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
                **given,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        lines = output.read_text("utf-8").splitlines()
        outputs = {name: value for name, _, value in (line.partition("=") for line in lines)}
        return Step(done.returncode, done.stdout, outputs)
