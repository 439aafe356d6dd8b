"""`/v2`: the part of Camunda 8's Orchestration Cluster REST API that has a meaning here, over the house's own acts."""
