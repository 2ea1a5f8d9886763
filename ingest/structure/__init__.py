"""Lines and cells become sections: outlines, tables, records, labels."""
