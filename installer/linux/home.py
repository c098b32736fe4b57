"""The single file that installs under a user's home: a small program, a script and the payload.

The payload is the ``.deb``'s own ``data.tar.xz``, so that both install the same files and the slow
compression is done only once.
"""

import subprocess
import tempfile
from pathlib import Path

from installer.build_info import BuildInfo
from installer.manifest import sha256

HERE = Path(__file__).parent

ROOM = 1.1
"""Free space required per unpacked byte, because file systems round every file up."""


def write_home_installer(deb: Path, unpacked_bytes: int, target: Path, build: BuildInfo) -> None:
    """Write the installer.

    Args:
        deb: the package whose files it installs.
        unpacked_bytes: how much space they take.
    """
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        payload = work / "data.tar.xz"
        with payload.open("wb") as file:
            subprocess.run(["ar", "p", str(deb), payload.name], stdout=file, check=True)
        values = {
            "VERSION": build.version,
            "PAYLOAD_BYTES": str(payload.stat().st_size),
            "PAYLOAD_SHA256": sha256(payload),
            "UNPACKED_KIB": str(round(unpacked_bytes * ROOM / 1024)),
            "UNINSTALLER": (HERE / "home_uninstall.sh").read_text(encoding="utf-8"),
            "DIALOGS": (HERE / "home_dialogs.sh").read_text(encoding="utf-8"),
        }
        script = (HERE / "home_install.sh").read_text(encoding="utf-8")
        for name, value in values.items():
            script = script.replace(f"@{name}@", value)
        script_bytes = ",".join(str(byte) for byte in script.encode())
        (work / "script.inc").write_text(script_bytes, encoding="ascii")
        stub = work / "stub"
        # Without -no-pie, file managers take the program for a shared library and do not start it.
        options = ["-Os", "-s", "-no-pie", "-Wall", "-Werror", f"-I{work}"]
        subprocess.run(["gcc", *options, "-o", str(stub), str(HERE / "stub.c")], check=True)
        target.write_bytes(stub.read_bytes() + payload.read_bytes())
    target.chmod(0o755)
