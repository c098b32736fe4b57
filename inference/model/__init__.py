"""The ONNX contract, the bundled models, and the sessions that run them."""
