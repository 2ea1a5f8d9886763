"""The bundled model: its weights, its graph, its tokenizer."""
