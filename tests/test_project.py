"""The project's own files agree with each other."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS = PYPROJECT["project"]["optional-dependencies"]
# What both commands of the README install; torch is for those who ask for it.
INSTALLED = [extra for extra in EXTRAS if extra != "torch"]

FLOORS = [
    {"_inputs", "_page"},
    {"datasets", "activations"},
    {"costs"},
    {"regression", "optimizers", "graph"},
    {"perceptron", "mlp", "beyond"},
    {"gradcheck", "plots"},
    {"demos"},
    {"practice"},
    {"checks"},
    {"grading"},
]


def requirements(lines):
    parsed = map(Requirement, lines)
    return {canonicalize_name(r.name): r.specifier for r in parsed}


def declared():
    lines = list(PYPROJECT["project"]["dependencies"])
    for extra in INSTALLED:
        lines += EXTRAS[extra]
    return requirements(lines)


def test_environment_yml_asks_for_what_pyproject_asks_for():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    *conda, last = environment["dependencies"]
    *pip, project = last["pip"]
    asked = requirements(line for line in conda if line != "pip")
    python = asked.pop("python")
    assert asked | requirements(pip) == declared()
    assert project == "--editable ."
    assert str(python) == PYPROJECT["project"]["requires-python"]


def locked():
    text = (ROOT / "requirements.lock").read_text()
    found = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(name), []).append(version)
    return found


def test_lock_satisfies_pyproject():
    versions = locked()
    for name, specifier in declared().items():
        assert name in versions, f"{name} is not locked: run `make lock`"
        for version in versions[name]:
            assert version in specifier


def test_lock_holds_what_builds_the_package_itself():
    for line in PYPROJECT["build-system"]["requires"]:
        requirement = Requirement(line)
        assert all(v in requirement.specifier for v in locked()[requirement.name])


def test_every_locked_version_has_a_hash():
    text = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"(?m)^(?=[a-z])", text)[1:]
    assert len(entries) > 100
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_registry_and_no_path_of_a_machine_in_any_file():
    hosts = r"p[y]pi\.org|python[h]osted|npm[j]s|deb\.debi[a]n\.org|index-url"
    homes = r"(?<![\w.)}/-])/(?:root|home|work|Users)/[\w.]"
    pattern = re.compile(f"{hosts}|{homes}".encode())
    found = [
        f"{path.relative_to(ROOT)}: {match.group().decode()}"
        for path in tracked()
        if path.is_file() and path != ROOT / "tests" / "test_project.py"
        for match in [pattern.search(path.read_bytes())]
        if match
    ]
    assert found == []


def modules():
    return sorted((ROOT / "nnbook_utils").rglob("*.py"))


def public_half(name):
    """Return the module whose private half `name` is, or `name` itself."""
    shared = {"_inputs", "_page"}
    return name if name in shared else name.split("_picture")[0].lstrip("_")


def floor_of(name):
    return next(i for i, floor in enumerate(FLOORS) if name in floor)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.stem)
def test_a_module_imports_only_from_floors_below(path):
    parts = path.relative_to(ROOT / "nnbook_utils").with_suffix("").parts
    if parts == ("__init__",):
        pytest.skip("the package itself imports nothing")
    here = public_half(parts[0])
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        package, *rest = node.module.split(".")
        if package != "nnbook_utils":
            continue
        for name in [rest[0]] if rest else [alias.name for alias in node.names]:
            other = public_half(name)
            if other == here:
                continue  # a module's own private half
            assert floor_of(other) < floor_of(here), f"{here} imports {other}"


def test_importing_the_package_loads_nothing_heavy():
    code = (
        "import sys, nnbook_utils;"
        "heavy = {'matplotlib', 'sklearn', 'ipywidgets', 'IPython'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_help_names_every_target_that_a_person_calls():
    makefile = (ROOT / "Makefile").read_text()
    phony = set(re.findall(r"^\.PHONY: (\S+)$", makefile, re.MULTILINE))
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    described = set(re.findall(r"^  make (\S+)  +\S", shown.stdout, re.MULTILINE))
    assert described == phony


def test_what_the_package_needs_besides_python_is_installed_with_it():
    package = ROOT / "nnbook_utils"
    patterns = PYPROJECT["tool"]["setuptools"]["package-data"]["nnbook_utils"]
    taken = {path for pattern in patterns for path in package.glob(pattern)}
    needed = {path for path in tracked() if package in path.parents}
    assert {path for path in needed if path.suffix != ".py"} <= taken
