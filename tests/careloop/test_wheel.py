"""The wheel holds all that it needs and nothing else, and its command works without a clone, make or git."""

import ast
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from sim.version import __version__
from tests.careloop.wheels import PACKAGES, ROOT, Installed, build, shipped, unpacked

ABOUT = ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE")
PLAIN = {"NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore"}  # to compile takes longer than a small day


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = unpacked(wheel, tmp_path_factory.mktemp("packages"))
    return Installed(folder, tmp_path_factory.mktemp("my work"))


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def project() -> Any:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_it_holds_the_five_packages_and_nothing_else(wheel: Path, installed: Installed) -> None:
    assert wheel.name == f"careloop-{__version__}-py3-none-any.whl"
    about = f"careloop-{__version__}.dist-info"
    assert files(installed.folder) == {*shipped(), *(f"{about}/{name}" for name in ABOUT)}
    assert all((installed.folder / package / "py.typed").is_file() for package in PACKAGES)


def test_it_says_what_it_is(installed: Installed) -> None:
    said = installed.metadata()
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    body = said.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert body.decode().splitlines() == readme.splitlines()
    assert said["Version"] == __version__
    assert said["License-Expression"] == "MIT"
    assert said["Requires-Python"] == project()["requires-python"]
    assert len(said.get_all("Requires-Dist", [])) == len(project()["dependencies"])
    assert installed.entry() == ("careloop.cli", "main")


def test_it_asks_for_the_packages_that_are_imported(installed: Installed) -> None:
    """For all of them, and for no other but tzdata, which is data; markupsafe is jinja2's type of text."""
    asked = {_plain(re.split(r"[<>=!~ \[]", each)[0]) for each in project()["dependencies"]}
    known = packages_distributions()
    imported = {name: set(map(_plain, known[name])) for name in _imported(installed.folder)}
    assert [name for name, distributions in imported.items() if not distributions & asked] == ["markupsafe"]
    assert asked - set().union(*imported.values()) == {"tzdata"}


def _imported(folder: Path) -> set[str]:
    """Packages of others that are imported by any file."""
    names = set[str]()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - set(PACKAGES)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_same_sources_make_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    """Here, and from the archive of sources."""
    assert build("wheel", tmp_path / "again").read_bytes() == wheel.read_bytes()
    sources = unpacked(build("sdist", tmp_path / "sdist"), tmp_path / "sources")
    assert build("wheel", tmp_path / "from sdist", sources).read_bytes() == wheel.read_bytes()


def test_only_the_unpacked_packages_are_found(installed: Installed) -> None:
    names = ", ".join(PACKAGES)
    found = installed.python(f"import {names}\nfor each in ({names}): print(each.__file__)").splitlines()
    assert [Path(each) for each in found] == [installed.folder / each / "__init__.py" for each in PACKAGES]


def test_its_command_works_without_a_clone(installed: Installed) -> None:
    before = files(installed.folder)
    assert installed.careloop("--version") == f"careloop {__version__}\n"
    installed.careloop("new", "my team")
    scenario = str(Path("my team", "scenario.yaml"))
    assert "no errors, no warnings" in installed.careloop("check", scenario)
    short = ("--replications", "2", "--set", "calendar.days=1", "--png", "--out", "my team/out")
    assert "My care team" in installed.careloop("run", scenario, *short, **PLAIN)
    installed.careloop("compare", "my team/out", "my team/out", "--out", "compared")
    schema = (installed.work / "my team" / "careloop.schema.json").read_text(encoding="utf-8")
    assert json.loads(installed.careloop("schema")) == json.loads(schema)
    made = files(installed.work)
    assert {"my team/calls.csv", "my team/out/report.html", "compared/compare.html"} <= made
    assert any(name.startswith("my team/out/charts/") for name in made)
    assert files(installed.folder) == before  # nothing is written beside the packages


def test_its_library_is_read_where_it_is_installed(installed: Installed) -> None:
    library = sorted((installed.folder / "scenarios" / "library").glob("*.yaml"))
    assert len(library) >= 6
    assert "no errors, no warnings" in installed.careloop("check", *map(str, library))


@pytest.mark.verify
def test_its_compiled_engine_is_cached_with_the_user(installed: Installed, tmp_path: Path) -> None:
    """Compiled code is kept in the user's folder; where packages are, nothing is written."""
    before = files(installed.folder)
    installed.careloop("new", "compiled")
    cache = {"CARELOOP_CACHE_DIR": str(tmp_path / "cache")}
    for _ in range(2):
        installed.careloop("run", "compiled/scenario.yaml", "--replications", "2", **cache)
        compiled = files(tmp_path / "cache")
    assert any("fast.advance" in name for name in compiled)
    assert files(installed.folder) == before
