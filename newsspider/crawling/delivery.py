"""Hands one delivery to a hook: to a command on its standard input, or to a webhook by POST.

In: a hook of newsspider.yml, and a delivery as JSON. Out: nothing, or Refused or Unreachable, with
the reason and without the address, which may be a secret. Called by `crawling.hooks`.

A webhook is signed by the Standard Webhooks specification (https://www.standardwebhooks.com): its
libraries check the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from newsspider.monitor.webhook import Refused, Unreachable, check_web, post
from newsspider.sites.types import Misplaced
from newsspider.text.variables import HINT, PASSWORD, VARIABLE, filled

_LONGEST_LINE = 200  # characters of a command's output that a message shows


class Hook(BaseModel):
    """A hook of newsspider.yml: a command, or a webhook with the key that signs it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: str = Field("", description="A command line that reads JSON on standard input.")
    url: str = Field("", description="Address of a webhook; ${NAME} is a variable.")
    key: str = Field("", description="The key that signs it, as ${NAME}.")

    @model_validator(mode="before")
    @classmethod
    def _read_text(cls, values: Any) -> Any:
        if not isinstance(values, str):
            return values
        is_address = values.startswith(("http://", "https://"))
        return {"url" if is_address else "command": values}

    @field_validator("key", mode="before")
    @classmethod
    def _check_key(cls, key: Any) -> Any:
        if not isinstance(key, str) or not VARIABLE.fullmatch(key):
            raise ValueError(f"a key is a secret: {HINT}")
        return key

    @model_validator(mode="after")
    def _check_kind(self) -> Hook:
        if bool(self.command.strip()) == bool(self.url):
            raise ValueError("give a command, or the url of a webhook and its key")
        if self.url and not self.key:
            raise ValueError("a webhook needs a key that signs it: write key: ${NAME}")
        if self.command and self.key:
            raise Misplaced("only a webhook has a key", "key")
        if self.url and not VARIABLE.search(self.url):
            _check_address(self.url)
        return self


def _check_address(url: str) -> None:
    """Raise an error of the key `url`, which does not repeat a password."""
    if PASSWORD.search(url):
        raise Misplaced("has a password in it: write ${NAME} in the place of the address", "url")
    try:
        check_web(url)
    except ValueError as error:
        raise Misplaced(str(error), "url") from None


def deliver(
    hook: Hook, id_: str, data: bytes, environment: Mapping[str, str], seconds: float
) -> None:
    """Hand the delivery `id_` to a hook, which may take so many seconds. Raises Refused or
    Unreachable."""
    if hook.command:
        _run(hook.command, data, environment, seconds)
        return
    try:
        url, key = (filled(text, environment) for text in (hook.url, hook.key))
    except ValueError as error:
        raise Unreachable(str(error)) from None
    try:
        check_web(url)
    except ValueError as error:
        raise Unreachable(f"its url {error}") from None
    post(url, data, signed(id_, int(time.time()), data, key), seconds)


def signed(id_: str, seconds: int, data: bytes, key: str) -> dict[str, str]:
    """Return the headers that sign a delivery sent at this Unix time."""
    secret = key.encode()
    if key.startswith("whsec_"):
        with contextlib.suppress(binascii.Error):
            secret = base64.b64decode(key.removeprefix("whsec_"), validate=True)
    content = b"%s.%d.%s" % (id_.encode(), seconds, data)
    signature = base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature}",
    }


def _run(command: str, data: bytes, environment: Mapping[str, str], seconds: float) -> None:
    """Run a command by the shell, as a line of crontab. Its output goes to a file: a process that
    it leaves behind in the background holds nothing up."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S602 - the user's own line, and nothing of an article
            command,
            shell=True,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
        try:
            process.communicate(data, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise Unreachable(f"the command did not end within {seconds:.0f} s") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if process.returncode:
            line = _last_line(output)
            raise Refused(f"the command ended with {process.returncode}{line and f': {line}'}")


def _last_line(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - 10 * _LONGEST_LINE))
    lines = output.read().decode("utf-8", "replace").split("\n")
    text = next((line for line in reversed(lines) if line.strip()), "")
    return "".join(each for each in text if each.isprintable())[:_LONGEST_LINE]
