"""A bare Debian 12 in a folder, entered with or without a network."""

import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ENTER = """
set -e
mkdir -p -m 1777 /tmp/.X11-unix
mount --rbind /proc "$0/proc"
mount --rbind /dev "$0/dev"
mkdir -p "$0/tmp/.X11-unix"
mount --bind /tmp/.X11-unix "$0/tmp/.X11-unix"
{prepare}
exec "$@"
"""
"""Run in a mount namespace of its own, so that the mounts end with the command."""


@dataclass(frozen=True)
class Machine:
    """The folder that is the machine's root."""

    root: Path

    def run(
        self,
        *command: str,
        user: int = 0,
        network: bool = False,
        environment: Mapping[str, str] | None = None,
        trace: Path | None = None,
        prepare: str = "",
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the machine and wait for it.

        Args:
            user: number of the user that it runs as.
            network: whether it has the host's network; otherwise not even a loopback.
            environment: what it finds in its environment besides a search path.
            trace: file outside the machine to which strace writes its calls.
            prepare: line of shell that runs first, outside the machine but where mounts end with
                the command; the machine's root is ``$0``.
            check: raise an error if it fails.
        """
        done = subprocess.run(
            self.command(
                *command,
                user=user,
                network=network,
                environment=environment,
                trace=trace,
                prepare=prepare,
            ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{command} gave {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def command(
        self,
        *command: str,
        user: int = 0,
        network: bool = False,
        environment: Mapping[str, str] | None = None,
        trace: Path | None = None,
        prepare: str = "",
    ) -> list[str]:
        """The command of the host that ``run`` runs."""
        variables = {
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
            "LANG": "C.UTF-8",
            **(environment or {}),
        }
        traced = (
            [
                "strace",
                "--follow-forks",
                "--seccomp-bpf",
                "--output",
                str(trace),
                "--trace=%file,%network",
            ]
            if trace
            else []
        )
        return [
            *(
                "unshare",
                "--mount",
                *([] if network else ["--net"]),
                "sh",
                "-c",
                ENTER.format(prepare=prepare),
                str(self.root),
            ),
            *traced,
            *("chroot", f"--userspec={user}:{user}", str(self.root)),
            *("env", "-i", *(f"{name}={value}" for name, value in variables.items())),
            *command,
        ]

    def files(self) -> set[str]:
        """Every file and folder, but for what changes by itself or belongs to other packages."""
        ignored = ("proc/", "dev/", "tmp/", "var/cache/", "var/log/", "var/lib/apt/")
        names = (path.relative_to(self.root).as_posix() for path in self.root.rglob("*"))
        return {name for name in names if not name.startswith(ignored)}


def make_bare(folder: Path) -> None:
    """Install the smallest Debian 12 with debootstrap, unless that was done before."""
    done = folder / "var/lib/dpkg/status"
    if done.exists() and not (folder / "debootstrap").exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(folder)], check=True)


def copy_of(bare: Path, folder: Path) -> Machine:
    """A machine of its own, which a test may change."""
    subprocess.run(["cp", "-a", "--reflink=auto", str(bare), str(folder)], check=True)
    resolver = folder / "etc/resolv.conf"
    resolver.write_text(Path("/etc/resolv.conf").read_text())
    return Machine(folder)


def scratch_folder() -> tempfile.TemporaryDirectory[str]:
    """Where machines are put while a test runs."""
    return tempfile.TemporaryDirectory(prefix="spinecontext-machine-")
