"""Libraries that keep what they have to say to themselves.

Their warnings stand between our lines, and some quote the patient's name; what matters of them the
program says itself.
"""

import logging
import sys
import warnings


def quiet_libraries() -> None:
    """Let no library warn, in the whole process; ``python -W`` still has its way.

    For programs: a library leaves the process to its caller.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    if not logging.getLogger().handlers:
        # Without a handler anywhere, Python would print what libraries log.
        logging.getLogger().addHandler(logging.NullHandler())


def quiet_itk() -> None:
    """Let ITK not warn; apart, because it takes long to load."""
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalWarningDisplay(False)
