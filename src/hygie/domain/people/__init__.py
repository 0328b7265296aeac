"""Accounts, roles on the territory, and what each may see."""
