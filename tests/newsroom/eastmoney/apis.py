"""East Money's news interfaces: the lists of a column, the fast news, and the news of a share.

In: stories, newest first, and a query. Out: bytes of JSON, JSONP or a script. Called by
hosts.py. An interface refuses with HTTP 200 (faults.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from newsroom.eastmoney import faults
from newsroom.eastmoney.columns import COLUMNS, address
from newsroom.eastmoney.story import EastMoneyStory
from newsspider.demo.answers import JSON, SCRIPT, Answer, number

MOST = 200  # the largest page_size that public clients use
_NUMBERS = {column.number: name for name, column in COLUMNS.items() if column.number}
_CALLBACK = re.compile(r"[A-Za-z_$][\w.$]{0,80}", re.A)


def by_column(stories: Sequence[EastMoneyStory], query: Mapping[str, str]) -> Answer:
    """getNewsByColumns. With a callback the answer is JSONP and its code a string, else JSON and a
    number: clients of both are known."""
    for parameter in ("req_trace", "column"):
        if not query.get(parameter):
            return _called(faults.refusal(parameter), query)
    column = _NUMBERS.get(query["column"], "")
    listed = [story for story in stories if column in story.columns]
    size, page = number(query.get("page_size"), 20, MOST), number(query.get("page_index"))
    names = {name.strip().lower() for name in query.get("fields", "").split(",") if name.strip()}
    items = [_column_item(story) for story in listed[(page - 1) * size : page * size]]
    answer = {
        "req_trace": query["req_trace"],
        "code": "1" if query.get("callback") else 1,
        "message": "success",
        "data": {
            "page_index": page,
            "page_size": size,
            "totle_hits": len(listed),
            "list": [
                {key: value for key, value in item.items() if not names or key.lower() in names}
                for item in items
            ],
        },
    }
    return _called(_dump(answer), query)


def fast(stories: Sequence[EastMoneyStory], query: Mapping[str, str]) -> Answer:
    """getFastNewsList: `sortEnd` of one answer, sent with the next query, goes on from there."""
    if not query.get("req_trace"):
        return _called(faults.EMPTY_FAST, query)
    news = [story for story in stories if "724" in story.lists]
    end = query.get("sortEnd", "")
    shown = [story for story in news if not end or _sort(story) < end]
    shown = shown[: number(query.get("pageSize"), 20, MOST)]
    data = {"sortEnd": _sort(shown[-1]) if shown else end, "fastNewsList": [*map(_fast, shown)]}
    return _called(_dump({"code": "1", "data": data}), query)


def live(stories: Sequence[EastMoneyStory], path: str) -> Answer | None:
    """`/kuaixun/v1/getlist_102_ajaxResult_50_1_.html`: a script that fills a variable, closed by
    `;` in column 102 only. A title may be empty. None for another path."""
    parts = re.fullmatch(
        r"/kuaixun/v1/getlist_(\d{1,5})_([A-Za-z]\w{0,40})_(\d{1,3})_(\d{1,5})_\.html", path, re.A
    )
    if not parts:
        return None
    column, name = parts[1], parts[2]
    size, page = number(parts[3], 20, MOST), number(parts[4])
    news = [story for story in stories if "724" in story.lists]
    lives = [_live(story, column) for story in news[(page - 1) * size : page * size]]
    if not lives:
        return Answer(faults.EMPTY_SCRIPT.replace(b"ajaxResult", name.encode()), SCRIPT)
    body = b"var " + name.encode() + b"=" + _dump({"rc": 1, "me": "", "LivesList": lives})
    return Answer(body + b";" * (column == "102"), SCRIPT)


def of_share(stories: Sequence[EastMoneyStory], query: Mapping[str, str]) -> Answer:
    """The wap list of a share's news, `mTypeAndCode=0.002572`."""
    share = query.get("mTypeAndCode")
    listed = [story for story in stories if story.columns and share in story.stocks]
    size, page = number(query.get("pageSize"), 20, MOST), number(query.get("pageIndex"))
    shown = listed[(page - 1) * size : page * size]
    answer = {
        "re": bool(shown),
        "result": {"list": [_art(story) for story in shown], "count": len(listed)},
    }
    return _called(_dump(answer), query)


def _column_item(story: EastMoneyStory) -> dict[str, str]:
    other = story.np_dst == "CFH"
    old = f"http://{story.host}/news/{story.column},{story.id}.html"
    return {
        "code": story.id,
        "np_dst": story.np_dst,
        "showTime": story.time,
        "title": story.title,
        "mediaName": story.media,
        "summary": story.summary and f"【{story.title}】{story.summary}",
        "image": story.image,
        "url": f"http://caifuhao.eastmoney.com/news/{story.id}" if other else old,
        "uniqueUrl": "" if other else f"http://{story.host}/a/{story.id}.html",
    }


def _fast(story: EastMoneyStory) -> dict[str, Any]:
    return {
        "code": story.id,
        "title": "" if story.blank else story.title,
        "summary": story.digest,
        "showTime": story.time,
        "titleColor": "3" if int(story.id) % 4 == 0 else "0",
        "stockList": list(story.stocks),
        "realSort": _sort(story),
    }


def _live(story: EastMoneyStory, column: str) -> dict[str, str]:
    title = "" if story.blank else story.title
    return {
        "id": story.id,
        "newsid": story.id,
        "url_w": address(story, "http:"),
        "url_m": f"http://wap.eastmoney.com/a/{story.id}.html",
        "url_pdf": "",
        "url_unique": address(story, "http:"),
        "title": title,
        "simtitle": title,
        "digest": story.digest,
        "simdigest": story.digest,
        "titlestyle": "3" if int(story.id) % 4 == 0 else "0",
        "image": story.image,
        "type": "1",
        "column": f"100,{column}",
        "editor_name": story.editor,
        "showtime": story.time,
        "ordertime": story.time,
        "commentnum": "0",
        "newstype": "1",
    }


def _art(story: EastMoneyStory) -> dict[str, Any]:
    return {
        "Art_ShowTime": story.time,
        "Art_Image": story.image,
        "Art_MediaName": story.media,
        "Art_Code": story.id,
        "Art_Title": story.title,
        "Art_SortStart": _sort(story),
        "Art_VideoCount": 0,
        "Art_OriginUrl": f"http://{story.host}/news/{story.column},{story.id}.html",
        "Art_Url": f"http://{story.host}/a/{story.id}.html",
    }


def _sort(story: EastMoneyStory) -> str:
    """Where a story stands among the fast news: digits that grow with time, as in the real
    answers."""
    return re.sub(r"\D", "", story.time) + story.id[-6:]


def _called(body: bytes, query: Mapping[str, str]) -> Answer:
    """JSON, or JSONP where the query names a callback."""
    callback = query.get("callback") or query.get("cb") or ""
    if not _CALLBACK.fullmatch(callback):
        return Answer(body, JSON)
    return Answer(callback.encode() + b"(" + body + b");", SCRIPT)


def _dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
