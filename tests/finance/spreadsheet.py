"""LibreOffice without a window: workbooks computed anew, and turned into other formats."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

PROGRAM: Final = shutil.which("soffice") or shutil.which("libreoffice")
MISSING: Final = "LibreOffice is not installed: nothing can compute the workbook"
_ALWAYS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""
"""Settings under which everything is computed when a file is opened, whatever values it holds."""


def converted(source: Path, form: str, folder: Path) -> Path:
    """The file in another format (xlsx: computed anew), in a folder; a profile of its own is made there."""
    assert PROGRAM is not None, MISSING
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    out = folder / "out"
    command = [PROGRAM, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form]
    subprocess.run(
        [*command, "--outdir", str(out), str(source)], check=True, capture_output=True, timeout=180
    )
    return out / f"{source.stem}.{form.partition(':')[0]}"
