"""Network to observations: one file a protocol, request and pure reader apart."""
