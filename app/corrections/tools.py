"""What corrections are done with."""

import enum

BRUSH_MM = 4.0
"""Radius at first: a vertebral body has 15 to 25 mm, a lamina 6."""

BRUSH_LIMITS_MM = (0.5, 30.0)


class Tool(enum.Enum):
    """What a press of the left button in a slice does."""

    LOOK = "look"
    REMOVE = "remove"
    KEEP = "keep"
    BRUSH = "brush"
    ERASER = "eraser"
    CUT = "cut"
    GROW = "grow"
    SHRINK = "shrink"

    @property
    def has_radius(self) -> bool:
        """Whether it reaches as far as the brush."""
        return self in (Tool.BRUSH, Tool.ERASER, Tool.GROW, Tool.SHRINK)


class Command(enum.Enum):
    """What is done to the whole mask at once."""

    GROW = "grow everywhere"
    SHRINK = "shrink everywhere"
    FILL = "fill holes"
