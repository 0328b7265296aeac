"""The API for machines: OpenAPI 3.1 under /api/v1/, one file a resource."""
