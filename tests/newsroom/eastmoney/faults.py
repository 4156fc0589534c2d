"""Answers that break East Money's interfaces, all with HTTP 200 in the real world.

Used by apis.py for what it refuses itself, and by tests through `Newsroom.fault(host, path,
status=200, body=…)`. A column page that a script would fill is `columns.unfilled(column)`.
"""

from __future__ import annotations

import json


def refusal(parameter: str) -> bytes:
    """What comes for a query that lacks a parameter."""
    message = f"Required String parameter '{parameter}' is not present"
    return json.dumps({"code": 0, "message": message}).encode()


NO_TRACE = refusal("req_trace")
EMPTY_COLUMN = (
    b'{"req_trace": "1", "code": 1, "message": "success", "data": '
    b'{"page_index": 1, "page_size": 20, "totle_hits": 0, "list": []}}'
)
NULL_DATA = b'{"req_trace": "1", "code": 1, "message": "success", "data": null}'
EMPTY_FAST = b'{"code": "1", "data": {"sortEnd": "", "fastNewsList": []}}'
EMPTY_SCRIPT = b'var ajaxResult={"rc":0,"me":"no data","LivesList":[]}'
NOT_JSON = (
    '<!DOCTYPE html><html><head><meta charset="utf-8"><title>安全验证</title></head>'
    "<body><p>访问过于频繁，请拖动滑块完成验证。</p></body></html>"
).encode()
