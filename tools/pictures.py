"""Takes the README's pictures of the three steps, light and dark, from a page that `make run` serves.

    .venv/bin/python -m tools.pictures [--page URL]

It orders a certificate from the practice CA in a headless Chromium, and writes docs/pictures/STEP-SCHEME.png. The pictures
are as narrow as a phone, so that the three of them are readable side by side. They have 256 colours, which makes them three
times smaller.
"""

import argparse
import base64
import struct
import sys
import zlib
from collections import Counter
from collections.abc import Iterator

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from tests.browser.settings import BOOT_TIMEOUT, CHROMIUM, LAUNCH_FLAGS, LOCALE
from tools.cli import run_command
from tools.paths import ROOT

PICTURES = ROOT / "docs" / "pictures"
SCHEMES = ("light", "dark")
WIDTH, HEIGHT = 420, 698  # CSS pixels
SCALE = 1.25  # pixels of the picture for each of them
MARGIN = 12  # CSS pixels above the step
PATIENCE = 60_000  # milliseconds for any answer of the practice CA
MAX_COLOURS = 256  # that a palette of one byte a pixel has
ALIKE = 0b11110000  # the bits in which two colours differ that must not become one

# Decodes a PNG file, given in base64, to [width, height, the bytes R, G, B, A of each pixel in base64].
DECODE = """async png => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(png), char => char.charCodeAt(0))]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let binary = "";
    for (let start = 0; start < data.length; start += 8192) {
        binary += String.fromCharCode(...data.subarray(start, start + 8192));
    }
    return [bitmap.width, bitmap.height, btoa(binary)];
}"""


def steps(page: Page) -> Iterator[tuple[str, str]]:
    """Go through an order. Gives each step's name and the id of its section once it is ready to be looked at."""
    hook = page.get_by_test_id
    expect(page.locator("html")).to_have_attribute("data-app", "ready", timeout=BOOT_TIMEOUT)
    hook("domains").fill("shop.example\n*.shop.example")
    hook("ca").select_option("practice")
    hook("dns-allow").check()
    hook("agree-tos").check()
    yield "order", "step-names"
    hook("start").click()
    expect(page.locator("main")).to_have_attribute("data-step", "prove", timeout=PATIENCE)
    expect(hook("practice-publish")).to_be_visible(timeout=PATIENCE)
    _publish_first(page)
    hook("dns-check").click()
    expect(page.locator("#title-prove")).to_have_text("1 of 2 records is there", timeout=PATIENCE)
    yield "prove", "step-prove"
    hook("practice-publish").click()
    expect(hook("status")).to_contain_text("Published", timeout=PATIENCE)
    hook("verify").click()
    expect(page.locator("main")).to_have_attribute("data-step", "certificate", timeout=PATIENCE)
    yield "certificate", "step-certificate"


def _publish_first(page: Page) -> None:
    """Publish the first of the records in the practice DNS, as somebody who forgets the second one."""
    record = page.get_by_test_id("record").first
    name, value = (record.get_by_test_id(f"record-{part}").text_content() for part in ("name", "value"))
    page.request.post(f"{page.url}practice/set-txt", data={"host": f"{name}.", "value": value}, timeout=PATIENCE)


def take(browser: Browser, url: str) -> None:
    """Write all pictures of the page at `url`. Raises Playwright's `Error`, and `AssertionError` where a step does not come."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE, locale=LOCALE, reduced_motion="reduce"
    )
    page, decoder = context.new_page(), context.new_page()
    page.goto(url)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for step, section in steps(page):
        page.evaluate("document.activeElement.blur()")  # no caret and no focus ring
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            top = page.evaluate("id => document.getElementById(id).getBoundingClientRect().top + scrollY", section)
            clip = {"x": 0, "y": max(0, top - MARGIN), "width": WIDTH, "height": HEIGHT}
            path = PICTURES / f"{step}-{scheme}.png"
            taken = page.screenshot(full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]
            width, height, pixels = decoder.evaluate(DECODE, base64.b64encode(taken).decode())
            path.write_bytes(to_png(width, height, base64.b64decode(pixels)))
            print(f"{path.relative_to(ROOT)}: {path.stat().st_size >> 10} KB")
    context.close()


def to_png(width: int, height: int, rgba: bytes) -> bytes:
    """A PNG file with a palette (W3C PNG §11.2): the commonest colours of `rgba`, the others as the nearest of them.

    Of colours that look alike only one gets into the palette, so that a rare one with another hue, such as a tick's, finds a
    place.
    """
    colours = [rgba[start : start + 3] for start in range(0, len(rgba), 4)]
    counted = [colour for colour, _ in Counter(colours).most_common()]
    alike = {bytes(value & ALIKE for value in colour): colour for colour in reversed(counted)}  # of each, the commonest
    palette = sorted(alike.values(), key=counted.index)[:MAX_COLOURS]
    place = {colour: min(range(len(palette)), key=lambda at: _distance(palette[at], colour)) for colour in counted}
    indices = bytes(place[colour] for colour in colours)
    lines = b"".join(b"\0" + indices[row * width : (row + 1) * width] for row in range(height))
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
        b"PLTE": b"".join(palette),
        b"IDAT": zlib.compress(lines, 9),
        b"IEND": b"",
    }
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts.items()
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _distance(one: bytes, other: bytes) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def main() -> None:
    """Take the pictures from the command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.pictures", description="Take the README's pictures.")
    parser.add_argument("--page", default="http://localhost:8000/", help="where `make run` serves the page")
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=LAUNCH_FLAGS)
        try:
            take(browser, arguments.page)
        except (Error, AssertionError) as error:
            sys.exit(f"pictures: {error}")
        finally:
            browser.close()


if __name__ == "__main__":
    sys.exit(run_command("pictures", main))
