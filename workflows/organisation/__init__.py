"""Who works here: units, accounts and the roles that tie them together; signing in and the rights that follow."""
