"""Records of tables and exports become documents, whatever the file is that holds them."""
