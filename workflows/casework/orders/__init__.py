"""Supervision orders to units with their register, reminders, and the notices people find inside the system."""
