"""What is left out of the wheels, with reasons. Patterns match a path in a wheel."""

from fnmatch import fnmatch

LEFT_OUT = (
    # Training, which is not needed to run a model.
    "assets/training/*", "assets/pictures/*",
    # Tests, type stubs, sources, headers and import libraries.
    "*/tests/*", "*/test/*", "*.pyi", "*.pyx", "*.pxd", "*.c", "*.cpp", "*.h", "*.hpp", "*.lib",
    "*/include/*", "*.cmake", "*.pc", "bin/*", "share/*",
    # onnxruntime's tools for converting and testing models, and what only they import.
    "onnxruntime/quantization/*", "onnxruntime/tools/*", "onnxruntime/transformers/*",
    "onnxruntime/backend/*", "onnxruntime/datasets/*", "sympy*", "mpmath*", "isympy.py",
    "google/*", "flatbuffers*", "protobuf*",
    # A second copy of onnxruntime, for programs in C.
    "onnxruntime/capi/onnxruntime.dll",
    # OpenVINO's own Python side, its formats other than ONNX and its plugins for GPUs, NPUs and
    # mixtures of devices: the program runs ONNX models on the processor, through onnxruntime.
    "openvino/_*", "openvino/[!_l]*", "openvino/libs/*_gpu_*",
    "openvino/libs/*_npu_*", "openvino/libs/openvino_auto*", "openvino/libs/openvino_hetero*",
    "openvino/libs/openvino_c.dll", "openvino/libs/openvino_paddle*", "openvino/libs/cache.json",
    "openvino/libs/openvino_tensorflow*", "openvino/libs/openvino_pytorch*",
    "openvino/libs/openvino_jax*", "openvino/libs/openvino_ir*", "openvino/libs/*_debug*",
    # numpy's build tools.
    "numpy/f2py/*", "numpy/distutils/*", "numpy/_pyinstaller/*",
    # Picture formats that no export uses.
    "PIL/_avif*", "PIL/_webp*", "PIL/_imagingtk*", "PIL/_imagingcms*",
    # Parts of pyqtgraph that do not draw slices, and the icons and colour maps of its own windows.
    "pyqtgraph/examples/*", "pyqtgraph/opengl/*", "pyqtgraph/flowchart/*", "pyqtgraph/jupyter/*",
    "pyqtgraph/dockarea/*", "pyqtgraph/console/*", "pyqtgraph/exporters/*",
    "pyqtgraph/icons/*.svg", "pyqtgraph/icons/*.png", "pyqtgraph/colors/maps/*",
    # pydicom's test files.
    "pydicom/data/test_files/*", "pydicom/data/charset_files/*", "pydicom/data/palettes/*",
)  # fmt: skip

QT_KEPT = (
    "__init__.py", "_config.py", "_git_pyside_version.py", "support/*",
    # The modules that the window uses, and the libraries of Qt behind them and behind the plugins
    # for icons. The window draws without OpenGL.
    "QtCore.pyd", "QtGui.pyd", "QtWidgets.pyd",
    "Qt6Core.dll", "Qt6Gui.dll", "Qt6Widgets.dll", "Qt6Svg.dll",
    "pyside6.abi3.dll", "msvcp140*.dll", "vcruntime140*.dll",
    "plugins/platforms/qwindows.dll", "plugins/platforms/qoffscreen.dll", "plugins/styles/*",
    "plugins/iconengines/qsvgicon.dll", "plugins/imageformats/qsvg.dll",
    "plugins/imageformats/qjpeg.dll", "plugins/imageformats/qico.dll",
    "translations/qtbase_de.qm", "translations/qt_de.qm",
)  # fmt: skip
"""All that is kept of PySide6: the wheel also contains Qt's designers, compilers and QML."""

PYTHON_LEFT_OUT = (
    # Our own programs start Python.
    "python.exe", "pythonw.exe", "python.cat", "python3*._pth",
    # No network anywhere in the program, and no databases.
    "_ssl.pyd", "libssl*", "libcrypto*", "_hashlib.pyd", "sqlite3.dll", "_sqlite3.pyd",
    "winsound.pyd",
    # Slowly asks a Windows service for what platform finds out without it.
    "_wmi.pyd",
    # Older than those of msvc-runtime.
    "vcruntime140*.dll",
)  # fmt: skip

RUNTIME_KEPT = ("msvcp140*.dll", "vcruntime140*.dll")
"""The parts of the C++ runtime that the wheels are linked with."""


def is_kept(path: str) -> bool:
    """Whether a file of a wheel is shipped, given its path in the wheel with ``/``."""
    if path.startswith("PySide6/"):
        return any(fnmatch(path, f"PySide6/{pattern}") for pattern in QT_KEPT)
    if ".dist-info/" in path and not path.endswith(("/METADATA", "/entry_points.txt")):
        return False
    return path == "openvino/__init__.py" or not any(fnmatch(path, part) for part in LEFT_OUT)
