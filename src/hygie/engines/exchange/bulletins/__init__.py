"""Alerts and bulletins in the formats that other systems read, and what these send back."""
