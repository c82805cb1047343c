"""Draw the font of the Chinese words: the letters of the book, no more.

    python tools/draw_chinese_font.py [FILE]

Needs Noto Serif CJK: FILE, or the one that is installed (on Debian and Ubuntu, apt
install fonts-noto-cjk). Its licence lies beside what is drawn. The outlines are made
quadratic, since Chromium embeds such fonts as fonts, and others as loose drawings.
"""

import re
import subprocess
import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont
from notebooks import FOLDERS, ROOT
from pdf_text import CHINESE

OUT = ROOT / "book" / "_page" / "static" / "fonts" / "chinese.woff"
FACE = "Noto Serif CJK SC"
MAX_ERROR = 1.0  # thousandths of the letter's height


def letters() -> list[str]:
    """Return the Chinese letters of the book, in the order of their codes."""
    files = [
        file
        for file in (ROOT / FOLDERS[0]).rglob("*")
        if file.suffix in (".ipynb", ".md", ".bib", ".yml")
    ]
    text = "".join(file.read_text("utf-8") for file in files)
    # The code's descriptions are in the book too, and the index has a heading.
    for folder in ("nnbook_utils", "tools"):
        text += "".join(p.read_text("utf-8") for p in (ROOT / folder).rglob("*.py"))
    return sorted(set("".join(CHINESE.findall(text))))


def installed() -> str:
    """Return the path of the font that is installed."""
    listed = subprocess.run(
        ["fc-list", f"{FACE}:style=Regular", "file"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    path = re.match(r"(.+\.ttc):", listed)
    if path is None:
        sys.exit(f"{FACE} is not installed: apt install fonts-noto-cjk")
    return path[1]


def source(path: str) -> TTFont:
    """Return the face for simplified Chinese of the collection at `path`."""
    fonts = TTCollection(path).fonts
    return next(font for font in fonts if font["name"].getDebugName(4) == FACE)


def draw(font: TTFont, wanted: list[str], out: Path) -> None:
    """Write the glyphs for the letters `wanted` of `font` as a small font."""
    cmap, glyphs = font.getBestCmap(), font.getGlyphSet()
    names = {ord(letter): cmap[ord(letter)] for letter in wanted}
    order = [".notdef", *dict.fromkeys(names.values())]
    drawn = {}
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        drawn[name] = pen.glyph()
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names)
    builder.setupGlyf(drawn)
    widths = font["hmtx"].metrics
    builder.setupHorizontalMetrics({name: widths[name] for name in order})
    height = font["hhea"]
    builder.setupHorizontalHeader(ascent=height.ascent, descent=height.descent)
    record = font["name"].getDebugName
    builder.setupNameTable(
        {
            "copyright": record(0),
            "familyName": "nnbook CJK",
            "styleName": "Regular",
            "licenseDescription": record(13),
            "licenseInfoURL": record(14),
        }
    )
    builder.setupOS2()
    builder.setupPost()
    builder.font.flavor = "woff"
    builder.save(out)


if __name__ == "__main__":
    found = letters()
    draw(source(sys.argv[1] if sys.argv[1:] else installed()), found, OUT)
    print(f"{len(found)} letters, {OUT.stat().st_size / 1000:.0f} kB")
