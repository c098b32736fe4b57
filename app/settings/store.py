"""Settings, and the layers they come from.

Later layers win: the program's own defaults, the administrator's defaults, the user's file, the
    administrator's locks, and the options on the command line. Files are TOML:

    # /etc/spinecontext/settings.toml or %PROGRAMDATA%\\SpineContext\\settings.toml
    [defaults]              # until the user chooses otherwise
    threads = 2
    [locked]                # whatever the user chose
    max_ram_gib = 2.0
    export_folder = "/srv/spines"

The user's file holds the same names without a heading, and only what differs from the defaults.
Anything else in it, from a newer version or added by hand, stays as it is. Neither file holds
anything about a patient.
"""

import dataclasses
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import tomlkit
from PySide6.QtCore import QCoreApplication
from tomlkit import TOMLDocument

from inference.system.memory import machine_ram_bytes
from inference.system.small_files import changing, write_for_good
from inference.windows.grid import Mode

GIB = 1 << 30
MOST_DEFAULT_RAM_GIB = 4.0
RAM_LIMITS_GIB = (0.5, 1024.0)
MOST_THREADS = 256

LANGUAGES = ("", "en", "de")
"""Empty means the desktop's language."""


def default_max_ram_gib() -> float:
    """Half of the machine's memory, rounded to quarters of a GiB, at most 4."""
    half = int(machine_ram_bytes() / GIB / 2 * 4) / 4
    return max(RAM_LIMITS_GIB[0], min(half, MOST_DEFAULT_RAM_GIB))


@dataclass(frozen=True)
class Settings:
    """What a user sets once for all cases.

    Attributes:
        model: name of a bundled model or path of an ONNX file; empty for the bundled default.
        mode: which windows the model sees.
        max_ram_gib: the memory a run may hold.
        threads: processor threads; 0 for one per core.
        export_folder: where exports go at first; empty for a folder near the CT.
        export_formats: what is exported at first; unknown names are ignored.
        language: of the window, one of ``LANGUAGES``.
        grey_windows: the user's own, each with a name, and centre and width in HU.
        show_patient: whether the window says whose CT is open.
        vertebrae: whether the queue tells the vertebrae apart too.
        vertebra_stl: whether it writes a surface of each one.
    """

    model: str = ""
    mode: Mode = "follow"
    max_ram_gib: float = dataclasses.field(default_factory=default_max_ram_gib)
    threads: int = 0
    export_folder: str = ""
    export_formats: tuple[str, ...] = ("nifti", "stl")
    language: str = ""
    grey_windows: tuple[tuple[str, float, float], ...] = ()
    show_patient: bool = True
    vertebrae: bool = False
    vertebra_stl: bool = False

    def __post_init__(self) -> None:
        """Check that every value is allowed.

        Raises:
            ValueError: one is not; the message names the setting.
        """
        low, high = RAM_LIMITS_GIB
        allowed = {
            "model": isinstance(self.model, str),
            "mode": self.mode in get_args(Mode),
            "max_ram_gib": _is_number(self.max_ram_gib) and low <= self.max_ram_gib <= high,
            "threads": isinstance(self.threads, int) and 0 <= self.threads <= MOST_THREADS,
            "export_folder": isinstance(self.export_folder, str),
            "export_formats": isinstance(self.export_formats, tuple)
            and all(isinstance(one, str) for one in self.export_formats),
            "vertebrae": isinstance(self.vertebrae, bool),
            "vertebra_stl": isinstance(self.vertebra_stl, bool),
            "language": self.language in LANGUAGES,
            "grey_windows": isinstance(self.grey_windows, tuple)
            and all(_is_grey_window(one) for one in self.grey_windows),
            "show_patient": isinstance(self.show_patient, bool),
        }
        for name, holds in allowed.items():
            if not holds:
                raise ValueError(name)


@dataclass(frozen=True)
class LoadedSettings:
    """Settings, with what was noticed while loading them.

    Attributes:
        settings: those in effect.
        usual: those in effect where the user has chosen nothing.
        locked: names that the user cannot change.
        notes: sentences about files that could not be used since the program started.
    """

    settings: Settings
    usual: Settings
    locked: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Admin:
    """What an administrator's file holds.

    Attributes:
        defaults: until the user chooses otherwise.
        locked: whatever the user chose.
    """

    defaults: Mapping[str, Any]
    locked: Mapping[str, Any]


class SettingsStore:
    """Reads and writes the settings of one user on one machine."""

    def __init__(
        self, user_file: Path, admin_file: Path, typed: Mapping[str, Any] | None = None
    ) -> None:
        """Use these files, which need not exist.

        Args:
            typed: options from the command line, by name; they hold until the program ends.
        """
        self._user_file = user_file
        self._admin_file = admin_file
        self._typed = dict(typed or {})
        self._aside: list[str | None] = []

    def load(self) -> LoadedSettings:
        """All layers as one.

        A user's file that cannot be read is set aside and counts as empty; an unknown value in it
        is ignored.
        """
        admin, user = self._read_admin(), self._read_user()
        return self._combined(admin, user, self._told_aside())

    def load_without_user(self) -> LoadedSettings:
        """All layers but the user's file, which does not answer in time; with a note."""
        return self._combined(self._read_admin(), {}, (self._told_late(),))

    def without_files(self) -> LoadedSettings:
        """The program's defaults and the typed options, where no file answers; with notes."""
        return self._combined(None, {}, (self._told_late(),))

    def _combined(
        self, admin: "_Admin | None", user: Mapping[str, Any], told: Sequence[str]
    ) -> LoadedSettings:
        """These layers as one.

        Args:
            admin: None if the administrator's file cannot be read.
            told: notes about the user's file.
        """
        notes = []
        if admin is None:
            admin = _Admin({}, {})
            notes.append(
                QCoreApplication.translate(
                    "settings",
                    "The administrator's settings in {0} cannot be read and were ignored.",
                ).format(self._admin_file)
            )
        locked = {**admin.locked, **self._typed}
        usual = settings = dataclasses.replace(Settings(), **admin.defaults)
        for name, value in user.items():
            try:
                settings = dataclasses.replace(settings, **{name: value})
            except ValueError:
                notes.append(
                    QCoreApplication.translate(
                        "settings", "This value of your setting {0} is not known here: {1}"
                    ).format(name, value)
                )
        settings = dataclasses.replace(settings, **locked)
        return LoadedSettings(settings, usual, frozenset(locked), (*notes, *told))

    def save(self, settings: Settings, since: Settings) -> None:
        """Keep what the user changed ``since``; everything else in the file stays as it is.

        A setting at its default is left out of the file.

        Raises:
            OSError: it cannot be written; the old file is unchanged.
        """
        with changing(self._user_file):
            loaded = self.load()
            document = _parsed(self._user_file)
            usual, before = dataclasses.asdict(loaded.usual), dataclasses.asdict(since)
            for name, value in dataclasses.asdict(settings).items():
                if name in loaded.locked or value == before[name]:
                    continue
                if value == usual[name]:
                    document.pop(name, None)
                else:
                    document[name] = list(value) if isinstance(value, tuple) else value
            write_for_good(self._user_file, tomlkit.dumps(document))

    def _read_user(self) -> dict[str, Any]:
        """The known names in the user's file; a broken file is set aside."""
        try:
            return _known(_read(self._user_file))
        except (OSError, ValueError):
            self._aside.append(self._set_aside())
            return {}

    def _read_admin(self) -> "_Admin | None":
        """The administrator's defaults and locks; None if they cannot be read."""
        try:
            found = _read(self._admin_file)
            parts = found.get("defaults", {}), found.get("locked", {})
            if not all(isinstance(part, dict) for part in parts):
                return None  # defaults and locked are headings
            defaults, locked = (_known(part) for part in parts)
            dataclasses.replace(Settings(), **defaults, **locked)
        except (OSError, ValueError):
            return None
        return _Admin(defaults, locked)

    def _set_aside(self) -> str | None:
        """Move the user's file out of the way; return its new name, or None if it stays."""
        ending, number = ".broken", 1
        while (aside := self._user_file.with_suffix(ending)).exists():
            number += 1
            ending = f".broken-{number}"
        try:
            self._user_file.replace(aside)
        except OSError:
            return None
        return aside.name

    def _told_aside(self) -> tuple[str, ...]:
        """What to say about the user's files that could not be read since the program started."""
        stays = QCoreApplication.translate(
            "settings", "Your settings cannot be read; the defaults are used."
        )
        moved = QCoreApplication.translate(
            "settings",
            "Your settings could not be read; the defaults are used. The old file is now {0}.",
        )
        return tuple(stays if name is None else moved.format(name) for name in self._aside)

    def _told_late(self) -> str:
        return QCoreApplication.translate(
            "settings",
            "Your settings could not be read in time, perhaps because their network drive is not "
            "connected. The defaults are used until the program is started again; your settings "
            "stay as they are.",
        )


def _read(path: Path) -> dict[str, Any]:
    """The content of a TOML file; empty if there is none.

    Raises:
        OSError, ValueError: it cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _parsed(path: Path) -> TOMLDocument:
    """The same, keeping comments and layout; empty if there is none.

    Raises:
        OSError: it cannot be read.
    """
    try:
        return tomlkit.parse(path.read_bytes())
    except FileNotFoundError:
        return tomlkit.document()


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that this version of the program knows; others may come from a newer one."""
    names = {field.name for field in dataclasses.fields(Settings)}
    return {name: _as_tuples(value) for name, value in values.items() if name in names}


def _as_tuples(value: Any) -> Any:
    """A TOML value with its lists, nested ones too, as tuples."""
    return tuple(map(_as_tuples, value)) if isinstance(value, list) else value


def _is_grey_window(value: object) -> bool:
    """Whether it is a name, a centre and a width of at least 1 HU."""
    match value:
        case (str(), centre, int() | float() as width):
            return _is_number(centre) and _is_number(width) and width >= 1
    return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
