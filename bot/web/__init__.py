"""Doors only: webhooks, health, the local chat page."""
