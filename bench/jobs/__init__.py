"""How fast items are claimed and settled, and how long a killed worker is missed."""
