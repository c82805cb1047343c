"""JavaScript modules are put together as a browser would, and refused if they clash."""

import re
import tomllib
from pathlib import Path

import pytest

from nnbook_utils import demos, practice
from nnbook_utils._page import bundle

MODULES = {**demos.Demo.all, "practice": practice.Practice}
STYLE = tomllib.loads(
    (Path(__file__).parent / "house_style.toml").read_text(encoding="utf-8")
)
LARGEST = {"network": 90_000}


def written(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder


def test_what_is_imported_comes_first_and_once(tmp_path, chromium):
    written(
        tmp_path,
        base="export const one = 1;\nexport function twice(x) {\n  return 2 * x;\n}\n",
        middle='import { one, twice } from "./base.js";\n'
        "export const two = twice(one);\n",
        top='import { two } from "./middle.js";\nimport { twice } from "./base.js";\n'
        "export default { four: twice(two) };\n",
    )
    text = bundle(tmp_path / "top.js")
    assert text.count("function twice") == 1
    page = chromium.new_page()
    found = page.evaluate(
        "async (text) => (await import('data:text/javascript,' "
        "+ encodeURIComponent(text))).default.four",
        text,
    )
    page.close()
    assert found == 4


def test_what_nobody_uses_stays_behind_though_a_comment_names_it(tmp_path):
    written(
        tmp_path,
        base="// A\n/* module. */\n\n/* Used. */\nconst deep = 1; // Aside: idle.\n\n"
        "/* Idle,\n   on two lines. */\nexport function idle() {\n  return deep;\n}\n\n"
        "/* Called, as idle\n   is not. */\nexport const called = () => deep;\n",
        top='import { called } from "./base.js";\n'
        'export default called; /* not "idle", nor idle */\n',
    )
    assert bundle(tmp_path / "top.js") == (
        "/* Used. */\nconst deep = 1; // Aside: idle.\n\n"
        "/* Called, as idle\n   is not. */\nconst called = () => deep;\n"
        'export default called; /* not "idle", nor idle */\n'
    )


def test_two_modules_cannot_share_a_name(tmp_path):
    written(
        tmp_path,
        base="const step = 1;\n",
        top='import { x } from "./base.js";\nfunction step() {}\n',
    )
    with pytest.raises(
        ValueError, match=r"step is declared in base\.js and in top\.js"
    ):
        bundle(tmp_path / "top.js")


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_is_small_and_fetches_nothing(name):
    text = MODULES[name]._esm
    assert len(text.encode()) <= LARGEST.get(name, 60_000)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_widget_is_shown_as_the_call_that_makes_it():
    widget = demos.LinearMap(matrix=[[0, -1], [1, 0]])
    assert repr(widget) == "LinearMap(matrix=[[0.0, -1.0], [1.0, 0.0]])"
    assert eval(repr(widget), {"LinearMap": demos.LinearMap}).matrix == widget.matrix


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_says_what_the_book_says(name):
    texts = re.findall(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`', MODULES[name]._esm)
    said = " | ".join(
        re.sub(r"\$\{[^{}]*\}", "", text) for text in texts if " " in text
    )
    assert len(said) > 100
    found = [
        (word, instead)
        for kind in ("hype", "one-name", "spelling")
        for pattern, instead in STYLE[kind].items()
        for word in re.findall(rf"\b(?:{pattern})\b", said, re.IGNORECASE)
    ]
    assert found == []
