"""The window: opens a CT, runs the engine off the GUI thread, shows and exports the result.

The command line needs nothing from here. Widgets know volumes and masks, never readers or model
sessions; only ``jobs`` starts threads; ``main_window`` wires the rest together.
"""

import os

# Numpy must be told before it is loaded. Its threads would wait for each other, and the window for
# them, while the engine uses all cores. Matrices here have three columns and need none.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
