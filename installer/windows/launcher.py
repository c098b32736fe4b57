"""Our two programs for Windows, compiled with mingw-w64."""

import subprocess
from pathlib import Path

from installer.build_info import BuildInfo
from installer.icons import PNG_SIZES, draw_png, write_ico

HERE = Path(__file__).parent
PREFIX = "x86_64-w64-mingw32-"

PROGRAMS: dict[str, tuple[str, ...]] = {
    "spinecontext.exe": (),
    "spinecontext-app.exe": ("-DWINDOW", "-mwindows"),
}
"""Each program with the compiler options that make it."""


def build_launchers(folder: Path, work: Path, python_dll: str, build: BuildInfo) -> None:
    """Write both programs into ``folder``, and the icon into ``work``.

    Args:
        python_dll: name of the library beside the programs that is Python.
        work: an existing folder for intermediate files.
    """
    pngs = []
    for size in PNG_SIZES:
        draw_png(work / f"{size}.png", size)
        pngs.append((size, (work / f"{size}.png").read_bytes()))
    write_ico(pngs, work / "spinecontext.ico")
    (work / "version.h").write_text(
        f"#define VERSION_COMMAS {build.version.replace('.', ',')},0\n"
        f'#define VERSION_TEXT "{build.version}"\n',
        encoding="ascii",
    )
    resource = work / "launcher.res"
    _run("windres", "--output-format=coff", f"--include-dir={work}", "launcher.rc", str(resource))
    for name, options in PROGRAMS.items():
        _run(
            *("gcc", "-Os", "-s", "-municode", "-Wall", "-Werror", *options),
            # Otherwise the time of the build would be in the file.
            "-Wl,--no-insert-timestamp",
            f'-DPYTHON_DLL=L"{python_dll}"',
            *("-o", str(folder / name), "launcher.c", str(resource)),
        )


def _run(tool: str, *arguments: str) -> None:
    subprocess.run([PREFIX + tool, *arguments], cwd=HERE, check=True)
