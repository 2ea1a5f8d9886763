"""The SQL database: documents, chunks, vectors, versions. The truth."""
