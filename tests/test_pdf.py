"""The edition on paper: put together from pages, printed, and read again.

The printed part needs the built book, as in `make test`, and Chromium.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import build_pdf
import pdf_text
import pytest
import yaml
from conftest import ROOT, need_program
from fontTools.ttLib import TTFont
from PIL import Image
from pypdf import PdfReader

from nnbook_utils import practice

# A whole printing takes minutes. This part has figures, formulae, questions, Chinese
# words, wide tables and links to every other.
PART = "Part 3"
PAGE = """<html><body><nav>outside</nav><article class="bd-article">
<section id="top"><h1>{title}<a class="headerlink" href="#top">#</a></h1>
{body}</section></article></body></html>"""


def question(number, title="Answer", text="Because."):
    return (
        f'<p><strong>{number}.</strong> Why?</p><div class="dropdown admonition">'
        f'<p class="admonition-title">{title}</p><p>{text}</p></div>'
    )


@pytest.fixture
def course(tmp_path):
    """Return a function that makes a small built book and puts it together."""

    def made(one="", two="", index=""):
        (tmp_path / "_config.yml").write_text(
            yaml.safe_dump({"title": "B", "author": "A", "html": {"extra_footer": ""}})
        )
        (tmp_path / "CITATION.cff").write_text(
            "version: 1.0\ndate-released: 2026-01-02\n"
        )
        toc = {
            "root": "root",
            "parts": [
                {"caption": "Part 1 · X", "chapters": [{"file": "p/one"}]},
                {
                    "caption": "The back",
                    "chapters": [{"file": "p/two"}, {"file": "genindex"}],
                },
            ],
        }
        (tmp_path / "_toc.yml").write_text(yaml.safe_dump(toc))
        (tmp_path / "p").mkdir()
        texts = {"root": "", "p/one": one, "p/two": two, "genindex": index}
        for name, body in texts.items():
            page = PAGE.format(title=name.title(), body=body)
            (tmp_path / f"{name}.html").write_text(page)
        return pdf_text.assemble(tmp_path, tmp_path, "")

    return made


def test_answers_move_to_the_end_of_their_part(course):
    one = (
        '<section id="check"><h2>1.1. Check yourself</h2>'
        f"{question(1)}{question(2, text='<em>So.</em>')}</section>"
        f'<section id="ex"><h2>1.2. Exercises</h2>{question("A", "Solution")}</section>'
    )
    text = course(one).html
    chapter, _, rest = text.partition("Answers to part 1</h2>")
    answers = rest.partition('<section class="part"')[0]
    assert "Because." not in chapter
    assert answers.count("Because.") == 2
    labels = re.findall(r'class="answer-title"><a href="#([^"]+)">([^<]+)</a>', answers)
    assert [label for _, label in labels] == [
        "Check yourself, 1",
        "Check yourself, 2",
        "Exercises, A",
    ]
    for place, _ in labels:
        assert f'id="{place}"' in chapter
    assert chapter.count("Answer: page") == 2
    assert chapter.count("Solution: page") == 1


def test_what_only_a_page_can_do_is_no_link_and_no_word_on_paper(course):
    one = (
        '<p>See <a href="../p/two.html#demo.network={}">the state</a>.</p>'
        '<p><span class="visually-hidden">formula</span> z</p>'
        '<div class="nn-live" data-live="race"><img src="x.png" width="760"/>'
        "<p>A live figure: runners on a hill.</p></div>"
    )
    text = course(one).html
    assert "See the state." in text
    assert "formula" not in text
    assert "In the page this figure is live: runners on a hill." in text
    assert 'data-figure="p/one#0"' in text


def test_a_term_stands_with_what_it_means(course):
    terms = "<dt>bias</dt><dt>偏置</dt><dd>One.</dd> <dt>cost</dt><dd>Two.</dd>"
    text = course(f'<dl class="glossary">{terms}</dl>').html
    entries = re.findall(r'<div class="entry">(.*?)</div>', text)
    assert [re.sub(r"<[^>]+>", " ", one).split() for one in entries] == [
        ["bias", "偏置", "One."],
        ["cost", "Two."],
    ]


def test_solutions_have_the_names_of_their_exercises(course):
    one = (
        f'<section id="ex"><h2>1.2. Exercises</h2>{question("Pencil", "Solution")}'
        f"{question('In code', 'Solution')}</section>"
        f'<section id="p"><h2>Problem 1: a sum</h2>{question("A")}</section>'
    )
    answers = course(one).html.partition("Answers to part 1</h2>")[2]
    labels = re.findall(r'class="answer-title"><a [^>]+>([^<]+)</a>', answers)
    assert labels == ["Exercises, Pencil", "Exercises, In code", "Problem 1: a sum"]


def test_the_code_that_gives_the_answer_goes_with_it(course):
    one = (
        f'<section id="p"><h2>Problem 1: a sum</h2>{question("A")}'
        '<div class="cell tag_hide-cell"><details class="hide"><summary>Show</summary>'
        "<pre>print(1 + 1)</pre></details></div><p>Onwards.</p></section>"
    )
    chapter, _, rest = course(one).html.partition("Answers to part 1</h2>")
    assert "print(1 + 1)" not in chapter
    assert "Onwards." in chapter
    assert "print(1 + 1)" in rest


def test_answers_of_questions_in_the_page_move_too(course):
    asked = practice.questions("questions_of_each_kind", ROOT / "tests")
    one = (
        f'<section id="c"><h2>Practice</h2>{asked.in_page()}'
        '<div class="nn-live" data-live="practice"><p>Counted here.</p></div></section>'
    )
    chapter, _, rest = course(one).html.partition("Answers to part 1</h2>")
    parts = sum(len(question["parts"]) for question in asked.questions)
    assert parts > 5
    assert rest.count('class="answer"') == chapter.count('class="to-answer"') == parts
    assert "details" not in chapter + rest
    assert ">Practice, 1" in rest
    assert any(f">Practice, {n} a)</a>" in rest for n in range(1, 9))
    # The title says which part it is, and the answer does not say so again.
    assert re.search(r"</summary><p>a\)", asked.in_page())
    assert not re.search(r"<p>\s*[a-z]\)", rest)
    assert "Counted here" not in chapter


def test_code_after_a_question_in_the_page_goes_with_its_last_answer(course):
    asked = practice.questions("questions_of_each_kind", ROOT / "tests")
    one = (
        f'<section id="p"><h2>Problem 1</h2><div class="cell">{asked.in_page()}</div>'
        '<p>Onwards.</p><div class="cell tag_hide-cell"><pre>print(1 + 1)</pre></div>'
        '<div class="cell tag_hide-cell"><pre>print(2 + 2)</pre></div></section>'
    )
    chapter, _, rest = course(one).html.partition("Answers to part 1</h2>")
    assert "Onwards." in chapter
    assert "print(1 + 1)" not in chapter
    assert "print(2 + 2)" in chapter
    last = rest.partition('<section class="part"')[0].rpartition('class="answer"')[2]
    assert "print(1 + 1)" in last


def test_a_section_that_only_counts_answers_is_left_out(course):
    counting = '<div class="nn-live" data-live="practice"><p>Counted here.</p></div>'
    one = (
        f'<section id="a"><h2>Kept</h2><p>Text.</p>{counting}</section>'
        f'<section id="b"><h2>Your answers</h2>{counting}</section>'
    )
    text = course(one).html
    assert "Counted here" not in text
    assert "Kept" in text
    assert "Your answers" not in text


def test_what_is_folded_is_open_and_a_box_of_another_name_stays(course):
    one = (
        '<details class="admonition hide"><summary>Show code</summary><pre>x = 1</pre>'
        '</details><details class="sd-dropdown"><summary>Aside</summary>y</details>'
        '<div class="dropdown tip admonition"><p class="admonition-title">Tip</p>'
        "z</div>"
    )
    text = course(one).html
    assert "details" not in text
    assert "Show code" not in text
    assert '<div class="aside"><pre>x = 1</pre></div>' in text
    assert '<p class="admonition-title">Aside</p>' in text
    assert "Answers" not in text
    assert ">z</div>" in text


def test_a_picture_comes_before_the_code_that_drew_it(course):
    code = '<details class="hide"><summary>Show code</summary>draw()</details>'
    cell = f'<div class="cell">{code}<div class="cell_output">seen</div></div>'
    text = course(f"<p>Look:</p>{cell}<p>After.</p>").html
    places = [text.index(word) for word in ("Look:", "seen", "draw()", "After.")]
    assert places == sorted(places)


def test_links_lead_to_places_of_the_document_and_never_to_files(course):
    two = (
        '<h2 id="中文">e</h2><p><a href="#中文">f</a></p>'
        '<p id="here"><a href="one.html#top">a</a> <a href="#here">b</a> '
        '<a href="https://example.org/x.html">c</a> <a href="data.csv">d</a></p>'
    )
    text = course(two=two).html
    assert '<a href="#p.one..top">a</a>' in text
    assert 'id="p.two..u4e2du6587"' in text  # PDF's own names are bytes
    assert '<a href="#p.two..u4e2du6587">f</a>' in text
    assert '<a href="#p.two..here">b</a>' in text
    assert '<a href="https://example.org/x.html">c</a> d</p>' in text


def test_a_link_that_leads_nowhere_is_refused(course):
    with pytest.raises(ValueError, match=r"lead nowhere: p\.one\.\.gone"):
        course(two='<a href="one.html#gone">a</a>')


def test_the_index_gives_pages(course):
    index = (
        '<li><a href="p/one.html#top">bias</a>, <a href="p/two.html#top">[1]</a></li>'
    )
    text = course(index=index).html
    assert "[1]" not in text
    pages = re.findall(r'data-to="(p\.\w+\.\.top)"', text.rpartition("bias")[2])
    assert pages == ["p.one..top", "p.two..top"]


def test_formulae_and_chinese_words_are_marked(course):
    one = (
        '<p>核 is <span class="math">\\(a &lt; b\\)</span></p>'
        '<div class="math"><span class="eqno">(1)</span>\\[ c \\]</div>'
    )
    text = course(one).html
    assert '<span lang="zh-Hans">核</span> is' in text
    assert '<span class="tex">a &lt; b</span>' in text
    assert '</span><span class="tex display"> c </span>' in text


def test_what_every_chapter_has_is_a_bookmark_and_no_line_of_the_contents():
    chapters = [
        pdf_text.Heading(
            f"{n}. Title",
            f"c{n}",
            [pdf_text.Heading(f"{n}.1. Summary", f"s{n}"), *only],
        )
        for n, only in enumerate([[pdf_text.Heading("1.2. Own", "own")], *[[]] * 6])
    ]
    contents = pdf_text._contents([pdf_text.Heading("Part 1", "part-1", chapters)])
    assert "Own" in contents
    assert "Summary" not in contents
    assert contents.count("Title") == 7


def test_the_chinese_font_has_the_letters_of_the_book():
    import draw_chinese_font

    with TTFont(build_pdf.CHINESE_FONT) as font:
        drawn = {chr(code) for code in font.getBestCmap()}
    assert set(draw_chinese_font.letters()) <= drawn, (
        "run `python tools/draw_chinese_font.py`"
    )


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return what is printed of the built book: its HTML, pages, texts."""
    need_program("chromium", how="on Debian and Ubuntu, apt install chromium")
    if not build_pdf.HTML.exists():
        pytest.fail("the book is not built: run `make book` first")
    file = tmp_path_factory.mktemp("pdf") / "book.pdf"
    # In a thread of its own: Playwright allows no second browser beside the fixture's.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(build_pdf.build, file, PART).result()
    reader = PdfReader(file)
    return SimpleNamespace(
        figures=file.parent / "figures",
        html=file.with_suffix(".unfinished.html").read_text("utf-8"),
        reader=reader,
        texts=[page.extract_text() for page in reader.pages],
    )


def bookmarks(outline, reader, depth=0):
    for entry in outline:
        if isinstance(entry, list):
            yield from bookmarks(entry, reader, depth + 1)
        else:
            yield depth, entry.title, reader.get_destination_page_number(entry)


def folded(text):
    """Return the letters and digits of a text: lines break where they like."""
    return re.sub(r"\W", "", text)


def test_bookmarks_are_nested_and_lead_to_their_headings(printed):
    found = list(bookmarks(printed.reader.outline, printed.reader))
    assert {depth for depth, _, _ in found} == {0, 1, 2}
    assert [page for _, _, page in found] == sorted(page for _, _, page in found)
    assert found[-1][1] == "Answers to part 3"
    # What KaTeX sets in a heading has no plain text.
    plain = [one for one in found if "\\" not in one[1]]
    assert len(plain) > 30
    for _, title, page in plain[2:]:
        assert folded(title) in folded(printed.texts[page]), title


def test_the_contents_and_the_pages_say_the_same_numbers(printed):
    pages = build_pdf.pages_of(printed.reader)
    numbered = [
        n for n, text in enumerate(printed.texts, 1) if re.search(rf"^{n}$", text, re.M)
    ]
    bare = {1, 2, pages["part-0"]}
    assert set(range(1, len(printed.texts) + 1)) - set(numbered) == bare
    contents = printed.texts[pages["contents"] - 1].splitlines()
    chapters = [
        (title, page)
        for depth, title, page in bookmarks(printed.reader.outline, printed.reader)
        if depth == 1
    ]
    assert len(chapters) == 5
    for title, page in chapters:
        assert f"{title} {page + 1}" in contents


def test_each_live_figure_is_drawn_as_it_starts_in_its_section(printed):
    named = re.findall(r'data-figure="([^"]+)"', printed.html)
    drawn = {path.name: path.read_bytes() for path in printed.figures.iterdir()}
    assert len(named) == len(set(named)) == len(drawn) == len(set(drawn.values())) > 1
    assert "In the page this figure is live: " in printed.html
    # What controls say is on no picture: it would be larger than what is drawn.
    stock = build_pdf.HTML / "_static" / "live" / "perceptron.png"
    with Image.open(stock) as whole:
        ratio = whole.height / whole.width
    for name in drawn:
        if "perceptron" in name:
            with Image.open(printed.figures / name) as picture:
                assert picture.height / picture.width < 0.9 * ratio


def test_running_heads_name_the_part_and_the_chapter(printed):
    page = build_pdf.pages_of(printed.reader)["book.perceptrons.convergence"]
    head = printed.texts[page][:120]
    assert "Part 3 · Perceptrons" in head
    assert "it stop" in head or "onverge" in head


def test_all_fonts_are_embedded(printed):
    fonts = {}
    for page in printed.reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            fonts[font.indirect_reference.idnum] = font.get_object()
    names = set()
    for font in fonts.values():
        if font["/Subtype"] == "/Type3":
            continue  # its letters are drawn in the file itself
        inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
        described = inner.get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described), font
        names.add(str(font["/BaseFont"]).partition("+")[2])
    assert {"SourceSerif4-Regular", "KaTeX_Math-Italic", "DejaVuSansMono"} <= names


def test_no_letter_is_missing(printed):
    text = "".join(printed.texts)
    wanted = set("".join(pdf_text.CHINESE.findall(printed.html)))
    assert len(wanted) > 20
    assert wanted <= set(text)
    assert "\ufffd" not in text
    assert "??" not in text
    assert "\\frac" not in text


def test_no_picture_is_missing(printed):
    drawn = sum(len(page.images) for page in printed.reader.pages)
    assert drawn >= printed.html.count("<figure") > 5


def test_links_lead_to_pages_or_to_the_web(printed):
    known, inside, outside = set(printed.reader.named_destinations), 0, 0
    for page in printed.reader.pages:
        for note in page.get("/Annots", []):
            link = note.get_object()
            if "/Dest" in link:
                inside += 1
                assert link["/Dest"] in known
            else:
                outside += 1
                assert link["/A"]["/URI"].startswith(("https://", "http://", "mailto:"))
    assert inside > 100
    assert outside > 0


def test_every_answer_is_at_the_end_of_the_part(printed):
    built = sum(
        len(re.findall(r'admonition-title">(?:Answer|Solution)', page.read_text()))
        for page in (build_pdf.HTML / "book" / "perceptrons").glob("*.html")
    )
    pages = build_pdf.pages_of(printed.reader)
    asked = [name for name in pages if "..question-" in name]
    answered = [name for name in pages if "..answer-" in name]
    assert len(asked) == len(answered) >= built > 0
    assert min(pages[name] for name in answered) >= pages["part-0-answers"]
    assert max(pages[name] for name in asked) < pages["part-0-answers"]


def test_the_file_says_what_it_is(printed):
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    assert printed.reader.metadata.title == config["title"]
    assert printed.reader.metadata.author == config["author"]
    assert printed.reader.trailer["/Root"]["/Lang"] == "en"
    assert printed.reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_letters_that_no_font_has_are_named(chromium, tmp_path):
    page = chromium.new_page()
    lacking = build_pdf.letters_without_font(page, "梯度 \u4e02", tmp_path / "x.pdf")
    page.close()
    assert set(lacking) <= {"\u4e02"}  # an installed font may have it
