"""How the house tells how it is: health, metrics, logs and traces; none of them ever tells of a person."""
