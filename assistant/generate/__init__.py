"""From hits to what is said: quotes chosen (``extractive``), or sentences written and checked (``chat``)."""
