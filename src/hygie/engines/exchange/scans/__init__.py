"""Reports of other tools, one file a format: bytes in, one ``Scan`` out."""
