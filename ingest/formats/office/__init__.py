"""Word, Excel, PowerPoint, OpenDocument, RTF."""
