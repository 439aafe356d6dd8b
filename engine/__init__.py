"""A BPMN engine: deploy, run, wait, hand out user tasks. It knows no relief office, no HTTP, no SQL."""
