"""OpenVINO, imported without what converts models of other frameworks: that is a sixth of a cold answer's time."""

from __future__ import annotations

import sys
from typing import Any

_CONVERTER = "openvino.tools.ovc"


def import_openvino() -> Any:
    """Return the package ``openvino``, without ``convert_model`` where nobody imported it before.

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
