"""What the window says about a failure: the engine's fact, with one piece of advice.

The engine's own sentences also serve the command line; what they say about its options is left out.
"""

from PySide6.QtCore import QCoreApplication

from app.translation import translated
from inference.errors import (
    MemoryLimitError,
    ModelRefusedError,
    NoUsableSeriesError,
    OutOfMemoryError,
    OutputError,
    ScratchDiskError,
    SeveralInputsError,
    SeveralPatientsError,
    SpineContextError,
    UnfitMaskError,
    UnreadableInputError,
)
from inference.values.messages import Sentence

SENTENCE_END = ". "


def failure_text(error: SpineContextError, locked: frozenset[str] = frozenset()) -> str:
    """What happened and what to do, in the user's language.

    If the fact itself says what to do, it stands alone. Otherwise it stands below advice for its
    kind of error.

    Args:
        locked: names of settings that the user cannot change.
    """
    fact = translated(error.fact)
    if _advises(error.fact):
        return fact
    what_to_do = _what_to_do(error, setting_of(error) in locked)
    return "\n".join(part for part in (what_to_do, fact) if part)


def settings_help(error: SpineContextError, locked: frozenset[str] = frozenset()) -> bool:
    """Whether the user can solve it in the settings."""
    return setting_of(error) not in {"", *locked}


def setting_of(error: SpineContextError) -> str:
    """The name of the setting that solves it; empty if none does."""
    match error:
        case ModelRefusedError():
            return "model"
        case OutOfMemoryError() | ScratchDiskError():
            return ""
        case MemoryLimitError():
            return "max_ram_gib"
        case _:
            return ""


def _advises(fact: str) -> bool:
    """Whether a fact says what to do: after its first sentence, as all that say more than one."""
    return SENTENCE_END in (fact.template if isinstance(fact, Sentence) else fact)


def _what_to_do(error: SpineContextError, locked: bool) -> str:
    """The sentence for this kind of error; empty if the error's own sentence suffices.

    Args:
        locked: whether somebody else has fixed the setting that would solve it.
    """
    translate = QCoreApplication.translate
    match error:
        case UnreadableInputError():
            return translate(
                "failures",
                "This cannot be opened. Choose another folder or file, or copy it again.",
            )
        case UnfitMaskError():
            return translate(
                "failures", "This mask cannot be used with the open CT. Choose another file."
            )
        case SeveralPatientsError():
            return translate(
                "failures",
                "This contains CTs of several patients. Open it on its own and choose the series.",
            )
        case SeveralInputsError():
            return translate(
                "failures",
                "This folder contains several CTs. Open it on its own to queue them.",
            )
        case NoUsableSeriesError():
            return translate(
                "failures", "There is no usable CT here. Choose another folder or file."
            )
        case OutOfMemoryError():
            return ""  # the limit, of which the next ones speak, is not the cause
        case ScratchDiskError():
            return translate(
                "failures", "Temporary files cannot be written. Free some room and try again."
            )
        case MemoryLimitError() if locked:
            return translate(
                "failures",
                "The memory limit is too low for this. Your administrator or a start option has "
                "fixed it: ask for a higher one.",
            )
        case MemoryLimitError():
            return translate(
                "failures",
                "The memory limit is too low for this. Raise it in the settings and try again.",
            )
        case ModelRefusedError() if locked:
            return translate(
                "failures",
                "The model cannot be used. Your administrator or a start option has fixed it: ask "
                "for another one.",
            )
        case ModelRefusedError():
            return translate(
                "failures", "The model cannot be used. Choose another one in the settings."
            )
        case OutputError():
            return translate("failures", "Nothing was written. Choose another folder or format.")
        case _:
            return ""
