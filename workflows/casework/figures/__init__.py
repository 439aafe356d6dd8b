"""What supervisors watch the office by: figures of a period, and whether the books hold."""
