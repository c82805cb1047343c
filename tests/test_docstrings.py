"""Every public name of the package says what it takes, gives, refuses and rests on."""

import importlib
import inspect
import pkgutil
import re

import pytest
from conftest import ROOT
from docstring_sources import give_section, name_types, skip_field
from numpydoc.docscrape import ClassDoc, FunctionDoc, NumpyDocString
from sphinx.util.inspect import signature_from_str, stringify_signature

import nnbook_utils
from nnbook_utils import _inputs, checks, mlp

MODULES = [importlib.import_module(f"nnbook_utils.{n}") for n in nnbook_utils.__all__]
MODULES += [_inputs] + [
    importlib.import_module(f"{checks.__name__}.{module.name}")
    for module in pkgutil.iter_modules(checks.__path__)
]
MODULES += [importlib.import_module("nnbook_utils.practice.variants")]
MODULES += [
    importlib.import_module(f"nnbook_utils.grading.{name}")
    for name in (
        *("batch", "clean", "cli", "collect", "course", "downloads", "export"),
        *("feedback", "gradebook", "late", "limits", "marking", "preprocessors"),
        *("rebuild", "release", "roster", "sandbox", "wire"),
    )
]
# A shape or a kind: "(n, d)", "float", "callable, (d,) -> (d,)", "{'relu', 'tanh'}".
KIND = re.compile(
    r"\(.*\)|\{.*\}|as in|int|float|str|bool|callable|array|object|mapping|sequence"
    r"|iterable|path|list|tuple|generator|Generator|Axes|Figure|function|Value|MLP|Data|None|type"
    r"|bytes|socket|Assignment|Limits|Marked|Course|Gradebook|Roster|Row|Person|Entry",
    re.IGNORECASE,
)


def public():
    for module in MODULES:
        names = getattr(module, "__all__", None) or [
            name for name in vars(module) if not name.startswith("_")
        ]
        for name in names:
            thing = getattr(module, name)
            if getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(thing):
                yield f"{module.__name__}.{name}", thing
            elif inspect.isclass(thing):
                yield f"{module.__name__}.{name}", thing
                for method, member in vars(thing).items():
                    inner = getattr(member, "__func__", member)
                    if not method.startswith("_") and inspect.isfunction(inner):
                        yield f"{module.__name__}.{name}.{method}", inner


PUBLIC = dict(public())


def parameters(function):
    signature = inspect.signature(function)
    return [
        parameter
        for parameter in signature.parameters.values()
        if parameter.name not in ("self", "cls")
    ]


def test_there_are_many():
    assert len(PUBLIC) > 120


@pytest.mark.parametrize("name", PUBLIC)
def test_a_docstring_says_its_source(name):
    assert re.search(r"^\s*Source: \S", inspect.getdoc(PUBLIC[name]), re.MULTILINE)


@pytest.mark.parametrize("name", PUBLIC)
def test_the_reference_page_shows_the_source_as_a_section(name):
    docstring = inspect.getdoc(PUBLIC[name])
    lines = docstring.split("\n")
    give_section(None, "function", name, PUBLIC[name], None, lines)
    doc = NumpyDocString("\n".join(lines))
    first, *_ = re.search(r"^Source: (.*)", docstring, re.MULTILINE)[1].split()
    assert doc["References"][0].lower().startswith(first.lower())
    assert "Source" not in "".join(entry.type for entry in doc["Raises"])


def test_the_reference_page_lists_a_field_of_a_tuple_once():
    page = (ROOT / "book" / "reference.md").read_text()
    tuples = [
        thing
        for thing in PUBLIC.values()
        if hasattr(thing, "_fields") and f"automodule:: {thing.__module__}\n" in page
    ]
    assert len(tuples) > 5
    for kind in tuples:
        doc = ClassDoc(kind)
        entries = [*doc["Attributes"], *doc["Parameters"]]
        described = {name for e in entries for name in re.split(", *", e.name)}
        for field in kind._fields:
            assert skip_field(None, "class", field, getattr(kind, field), False, None)
            assert field in described
    method = mlp.MLP.predict
    assert skip_field(None, "class", "predict", method, False, None) is None


def test_the_reference_page_gives_a_type_in_a_signature_by_its_name():
    signature = stringify_signature(inspect.signature(mlp.MLP), show_annotation=False)
    with pytest.raises(SyntaxError):
        signature_from_str(signature)
    shown, _ = name_types(None, "class", "MLP", mlp.MLP, None, signature, None)
    default = signature_from_str(shown).parameters["dtype"].default
    assert default == "numpy.float64"
    assert name_types(None, "class", "MLP", mlp.MLP, None, shown, None) is None


@pytest.mark.parametrize(
    "name", [name for name, thing in PUBLIC.items() if inspect.isfunction(thing)]
)
def test_a_docstring_gives_parameters_returns_and_errors(name):
    function = PUBLIC[name]
    doc = FunctionDoc(function)
    described = {}
    for entry in doc["Parameters"]:
        for one in entry.name.split(","):
            described[one.strip().lstrip("*")] = entry.type
    taken = parameters(function)
    assert set(described) == {parameter.name for parameter in taken}
    for parameter in taken:
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            assert KIND.search(described[parameter.name]), parameter.name
    code = inspect.getsource(function)
    if re.search(r"^\s+return \S", code, re.MULTILINE) and "-> None" not in code:
        assert doc["Returns"] or doc["Yields"]
    if "raise " in code or "real_array(" in code or "number(" in code:
        assert doc["Raises"]


def test_what_a_source_names_is_in_the_book():
    """A chapter, or a section of a page, by the title that it has there."""
    pages = [*(ROOT / "book").rglob("*.md"), *(ROOT / "book").rglob("*.ipynb")]
    titles = {
        title
        for page in pages
        for title in re.findall(
            r'(?m)^ *"?#+ (.+?)(?:\\n",?)?$', page.read_text("utf-8")
        )
    }
    named = {
        " ".join(title.split())
        for module in MODULES
        for title in re.findall(
            r'(?:chapter|section) "([^"]+)"', inspect.getsource(module)
        )
    }
    assert len(named) > 10
    assert named <= titles, named - titles
