"""OpenVINO, imported without what converts models of other frameworks: that is a sixth of a cold answer's time."""

from __future__ import annotations

import sys
import threading
from typing import Any

import numpy as np

_CONVERTER = "openvino.tools.ovc"
_OPENING = threading.Lock()


def import_openvino() -> Any:
    """Return the package ``openvino``, ready for several threads at once.

    Its binding looks numpy up when it makes the first array, and two threads that do so at the same moment wait
    for each other for ever: one for a lock of C++ that the other holds, the other for Python's. So the first is
    made here, by one thread.
    """
    with _OPENING:
        openvino = _without_converter()
        _ = openvino.Tensor(np.zeros(1, np.float32)).data
        return openvino


def _without_converter() -> Any:
    """Import the package without ``convert_model``, where nobody imported it before.

    OpenVINO does without its converter where that cannot be imported; ``None`` in ``sys.modules`` is how Python
    says so. The entry is taken back, so that who needs the converter can import it from where it is.
    """
    if "openvino" not in sys.modules and _CONVERTER not in sys.modules:
        sys.modules[_CONVERTER] = None  # type: ignore[assignment]  # documented, and missing in the stubs
        try:
            import openvino
        finally:
            sys.modules.pop(_CONVERTER, None)
        return openvino
    import openvino

    return openvino
