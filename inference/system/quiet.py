"""Silences the warnings of libraries.

They would appear between our own lines, and some quote the patient's name. The program reports what
matters itself.
"""

import logging
import sys
import warnings


def quiet_libraries() -> None:
    """Silence all libraries in the whole process; ``python -W`` still takes precedence.

    This is for programs; a library should leave such settings to its caller.
    """
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    if not logging.getLogger().handlers:
        # Without a handler anywhere, Python would print what libraries log.
        logging.getLogger().addHandler(logging.NullHandler())


def quiet_itk() -> None:
    """Silence ITK; separate, because it takes long to load."""
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalWarningDisplay(False)
