"""A picture or PDF with a watermark over every page: who looks at it and when.

What others sent in is laid out by a process of its own with little memory and time, so that a file made to burst takes
nothing down with it. What comes out is drawn anew: a PDF loses its scripts, links and enclosed files.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

import typst

from workflows.printing.errors import NotStamped, StampingBusy

try:
    import resource
except ImportError:  # a system without such limits
    resource = None  # type: ignore[assignment]  # the module, where there is one

MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 25
MOST_PAGES = 60
SHOWN, COPIED = "shown", "copied"
Form = Literal["pdf", "svg"]
AT_ONCE = BoundedSemaphore(2)
"""Layouts at work in this process of the server; who comes later waits a moment for them."""
LONGEST_WAIT = 2  # seconds: the thread that waits serves nobody else

PAGE = """
#set text(font: json(bytes(sys.inputs.fonts)), size: 13pt)
#set text(fill: rgb(200, 20, 20, 130), stroke: 0.2pt + rgb(255, 255, 255, 130))
#let mark = box(width: 480pt, sys.inputs.mark)
#let marked(body) = context {
  let size = measure(body)
  block(width: size.width, height: size.height, clip: true, {
    body
    let step-x = 260pt
    let step-y = 130pt
    for row in range(calc.ceil(size.height / step-y) + 1) {
      for column in range(calc.ceil(size.width / step-x) + 1) {
        place(top + left, dx: column * step-x - 60pt + calc.rem(row, 2) * 90pt, dy: row * step-y + 40pt,
          rotate(-24deg, mark))
      }
    }
  })
}
#set page(width: auto, height: auto, margin: 0pt)
"""
PICTURE = '#marked(image("/shown", format: "{format}", width: 595pt))\n'
LONE_SHEET = '#set page(width: auto, height: auto)\n#image("/shown", format: "pdf", page: {number})'
SHEET = '#page(marked(image("/shown", format: "pdf", page: {number})))\n'


def stamped(content: bytes, *, kind: str, mark: str, fonts: Sequence[str]) -> bytes:
    """Return a picture ("jpeg", "png", "webp") as SVG, or a "pdf" as PDF, with a watermark over every page.

    Of a long PDF it is the first pages.

    Raises:
        NotStamped: it cannot be laid out, or asks for too much.
        StampingBusy: too many others are being laid out.
    """
    return _laid_out(content, kind=kind, mark=mark, fonts=fonts, purpose=SHOWN)


def stamped_copy(content: bytes, *, kind: str, mark: str, fonts: Sequence[str]) -> bytes:
    """Return a picture or PDF as a PDF of all its pages, with a watermark over each.

    Raises:
        NotStamped: it cannot be laid out, or has more pages than are.
        StampingBusy: too many others are being laid out.
    """
    return _laid_out(content, kind=kind, mark=mark, fonts=fonts, purpose=COPIED)


def _laid_out(content: bytes, *, kind: str, mark: str, fonts: Sequence[str], purpose: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "shown").write_bytes(content)
        order = json.dumps({"folder": folder, "kind": kind, "mark": mark, "fonts": list(fonts), "purpose": purpose})
        if not AT_ONCE.acquire(timeout=LONGEST_WAIT):
            raise StampingBusy
        try:
            try:
                done = subprocess.run(  # noqa: S603  (our own module, by our own interpreter)
                    [sys.executable, "-m", __name__],
                    input=order.encode(),
                    capture_output=True,
                    timeout=MOST_SECONDS + 5,
                    check=True,
                )
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
                raise NotStamped from failed
        finally:
            AT_ONCE.release()
    return done.stdout


def main() -> None:
    """Lay out what the order on standard input names, and write it to standard output."""
    _limit()
    order = json.loads(sys.stdin.buffer.read())
    root, kind = Path(order["folder"]), order["kind"]
    inputs = {"mark": order["mark"], "fonts": json.dumps(order["fonts"])}
    is_copy = order["purpose"] == COPIED
    if kind != "pdf":
        made = _made(root, PAGE + PICTURE.format(format=_named(kind)), "pdf" if is_copy else "svg", inputs)
    else:
        pages = _pages(root)
        if is_copy and _has_page(root, pages + 1):
            raise NotStamped
        sheets = "".join(SHEET.format(number=number + 1) for number in range(pages))
        made = _made(root, PAGE + sheets, "pdf", inputs)
    sys.stdout.buffer.write(made)


def _named(kind: str) -> str:
    return "jpg" if kind == "jpeg" else kind


def _pages(root: Path) -> int:
    """Return how many pages of a PDF are shown: what it has, found by halving."""
    known, missing = 0, MOST_PAGES + 1
    while missing - known > 1:
        number = (known + missing) // 2
        if _has_page(root, number):
            known = number
        else:
            missing = number
    if not known:
        raise NotStamped
    return known


def _has_page(root: Path, number: int) -> bool:
    try:
        _made(root, LONE_SHEET.format(number=number), "pdf", {})
    except typst.TypstError:
        return False
    return True


def _made(root: Path, source: str, form: Form, inputs: dict[str, str]) -> bytes:
    page = root / f"page-{form}.typ"
    page.write_text(source, encoding="utf-8")
    made = typst.compile(page, root=root, format=form, sys_inputs=inputs)
    if not isinstance(made, bytes):
        raise NotStamped
    return made


def _limit() -> None:
    """Take memory and time from this process; where the system knows no limits the time alone ends it."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


if __name__ == "__main__":
    main()
