"""The characters of labels (來源, 記者, 責任編輯), traditional → simplified, one for one.

In: a line of a Chinese or Japanese page. Out: the same line with its labels as mainland pages write
them. Every character keeps its position, so the text after a label can be cut from the original
line. `people`, `authors` and `datelines` of `extraction.generic` look for labels in it.
"""

from __future__ import annotations

_SIMPLIFIED = str.maketrans(
    "來編輯責記發佈時間體閱讀點擊瀏覽圖視頻寫執筆審監製訊員攝關鍵詞標籤欄類氣評論轉處聞報導電綜專",
    "来编辑责记发布时间体阅读点击浏览图视频写执笔审监制讯员摄关键词标签栏类气评论转处闻报导电综专",
)


def simplified(line: str) -> str:
    """Return the line with the characters of labels simplified."""
    return line if line.isascii() else line.translate(_SIMPLIFIED)
