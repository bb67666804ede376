"""Handing things to the person: files as downloads, texts to the clipboard."""

import asyncio
from itertools import count
from typing import Any, Final

import js
from pyodide.ffi import JsException, to_js

from app.browser.page.dom import by_id, slot, value_of
from app.pki.formats.file import File

ANSWER_SHOWN: Final = 2.0  # seconds that a copy button says "Copied"
_TIMES: Final = count()  # numbers the copies


def save_file(file: File) -> None:
    """Offer `file` as a download. Its bytes go into a Blob of this page and to no server."""
    blob = js.Blob.new(to_js([to_js(file.body)]), to_js({"type": file.type}))
    url = js.URL.createObjectURL(blob)
    anchor = js.document.createElement("a")
    anchor.href, anchor.download = url, file.name
    anchor.click()
    # The browser has taken the download over when its next task runs.
    js.setTimeout(js.URL.revokeObjectURL.bind(js.URL, url), 0)


async def copy_text(text: str) -> bool:
    """Put `text` on the clipboard; False where the browser refuses."""
    try:
        await js.navigator.clipboard.writeText(text)
    except JsException:
        return False
    return True


async def copy_beside(button: Any) -> None:
    """Copy the value beside `button`; the button answers, and so does a line that screen readers read out."""
    line = by_id("copied")
    this = button.dataset.time = line.dataset.time = str(next(_TIMES))
    line.textContent = ""  # else the same word as before would be no news
    wanted = button.dataset.copy
    card = button.closest("li, article")
    source = js.document.querySelector(wanted) if wanted.startswith("#") else slot(card, wanted)
    label = button.firstElementChild
    if await copy_text(value_of(source)):
        answer = "Copied"
    else:
        js.getSelection().selectAllChildren(source)
        answer = "Press Ctrl+C"
    label.textContent = line.textContent = answer
    await asyncio.sleep(ANSWER_SHOWN)
    for element, place, words in ((button, label, "Copy"), (line, line, "")):
        if element.dataset.time == this:  # no later copy has been answered there
            place.textContent = words
