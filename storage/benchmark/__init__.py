"""What `relief bench` asks of PostgreSQL: a scratch database, its costs, turns on the wire, the bare transaction."""
