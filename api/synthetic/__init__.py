"""A county's worth of synthetic households by published shares; every person, number and account is marked as made."""
