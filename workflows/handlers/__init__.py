"""What the service tasks of the diagrams do, as docs/reference/service-tasks.md says: what each takes and gives."""
