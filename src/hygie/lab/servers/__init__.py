"""The servers of the lab: one file a protocol, each ``async def serve(call: Call)``."""
