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
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from newsspider import __version__
from newsspider.sites.types import Misplaced
from newsspider.store.files import trouble_of

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_LONGEST_LINE = 200  # characters of a command's output that a message shows


class Refused(Exception):
    """The hook answered, and did not take the delivery. Another try may succeed."""


class Unreachable(Exception):
    """The hook did not answer, or cannot be asked: nor would it take another delivery."""


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
        if not isinstance(key, str) or not _VARIABLE.fullmatch(key):
            raise ValueError(
                "a key is a secret: write ${NAME} in its place, and put it into the environment"
                " variable NAME"
            )
        return key

    @model_validator(mode="after")
    def _check_kind(self) -> Hook:
        if bool(self.command.strip()) == bool(self.url):
            raise ValueError("give a command, or the url of a webhook and its key")
        if self.url and not self.key:
            raise ValueError("a webhook needs a key that signs it: write key: ${NAME}")
        if self.command and self.key:
            raise Misplaced("only a webhook has a key", "key")
        if self.url and not _VARIABLE.search(self.url):
            _check_address(self.url)
        return self


def _check_address(url: str) -> None:
    """Raise an error of the key `url`, which does not repeat a password."""
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.scheme in ("http", "https") and parts.port != 0
        has_password = parts.password is not None
    except ValueError:
        usable = has_password = False
    if has_password:
        raise Misplaced("has a password in it: write ${NAME} in the place of the address", "url")
    if not usable or not url.isascii() or re.search(r"[\x00-\x20\x7f]", url):
        raise Misplaced("is not an address that starts with https:// or http://", "url")


def deliver(
    hook: Hook, id_: str, data: bytes, environment: Mapping[str, str], seconds: float
) -> None:
    """Hand the delivery `id_` to a hook, which may take so many seconds. Raises Refused or
    Unreachable."""
    if hook.command:
        _run(hook.command, data, environment, seconds)
        return
    url, key = (_with_variables(text, environment) for text in (hook.url, hook.key))
    try:
        _check_address(url)
    except Misplaced as error:
        if "password" not in str(error):
            raise Unreachable(f"its url {error}") from None
    _post(url, signed(id_, int(time.time()), data, key), data, seconds)


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


def _with_variables(text: str, environment: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        if not (content := environment.get(match[1], "").strip()):
            raise Unreachable(f"the environment variable {match[1]} is not set")
        return content

    return _VARIABLE.sub(value, text)


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would turn the POST into a GET: it is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _post(url: str, headers: Mapping[str, str], data: bytes, seconds: float) -> None:
    own = {
        "User-Agent": f"newsspider/{__version__}",
        "Content-Type": "application/json; charset=utf-8",
    }
    request = Request(url, data, {**own, **headers})  # noqa: S310 - the address of the user
    try:
        with build_opener(_NoRedirect).open(request, timeout=seconds):
            pass
    except HTTPError as error:
        error.close()
        raise Refused(f"the answer was {error.code}") from None
    except (OSError, HTTPException, ValueError) as error:
        cause = getattr(error, "reason", error)
        why = trouble_of(cause) if isinstance(cause, OSError) else type(cause).__name__
        raise Unreachable(f"no answer ({why})") from None


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
