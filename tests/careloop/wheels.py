"""A wheel built from the sources, and its command run as if it were installed: nothing else is there."""

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Final, Literal, NamedTuple

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("calibration", "careloop", "reports", "scenarios", "sim")
SHIPPED: Final = (".css", ".csv", ".j2", ".py", ".typed", ".yaml")


def build(kind: Literal["wheel", "sdist"], to: Path, sources: Path = ROOT) -> Path:
    """Build one file with the locked hatchling, without network; returns it."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(to)]
    done = subprocess.run(command, cwd=sources, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = to.iterdir()
    return built


def unpacked(archive: Path, to: Path) -> Path:
    """Unpack a wheel, as an installer does, or an sdist; returns the folder with the packages."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            wheel.extractall(to)
        return to
    with tarfile.open(archive) as sdist:
        sdist.extractall(to, filter="data")
    (folder,) = to.iterdir()
    return folder


def shipped() -> Iterator[str]:
    """The files of the packages in the source tree that a wheel is to hold."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.suffix in SHIPPED and path.is_file():
                yield path.relative_to(ROOT).as_posix()


class Installed(NamedTuple):
    """The folder of an unpacked wheel, and another one to work in."""

    folder: Path
    work: Path

    @property
    def about(self) -> Path:
        (found,) = self.folder.glob("*.dist-info")
        return found

    def metadata(self) -> Message:
        return BytesParser().parsebytes((self.about / "METADATA").read_bytes())

    def entry(self) -> tuple[str, str]:
        """Module and function behind the command."""
        points = ConfigParser()
        points.read(self.about / "entry_points.txt", encoding="utf-8")
        module, _, function = points["console_scripts"]["careloop"].partition(":")
        return module, function

    def careloop(self, *arguments: str, **environment: str) -> str:
        """Run the command as its script does; returns what it prints."""
        module, function = self.entry()
        return self.python(f"from {module} import {function}; {function}()", *arguments, **environment)

    def python(self, code: str, *arguments: str, **environment: str) -> str:
        """Run Python in the working folder; of all folders of ours it finds the unpacked one alone.

        Programs such as make, git or a compiler are not to be found at all.
        """
        done = subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments],
            cwd=self.work,
            env={
                **os.environ,
                "PATH": str(self.work),
                "PYTHONPATH": str(self.folder),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PYTHONIOENCODING": "utf-8",
                **environment,
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
