"""Of the items, those that pyqtgraph does not offer at its top."""
