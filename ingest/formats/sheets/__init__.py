"""Workbooks: XLSX, XLS, ODS, XML and HTML tables; cells as they are shown."""
