"""Incidents: declared once, told to every regime concerned, followed to the lessons."""
