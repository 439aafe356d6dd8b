"""What the indexes of work lists say of an open user task, word for word as its questions must say it to use them."""

from __future__ import annotations

OPEN = "state = 'open'"

# An entry of an index holds 2.7 kB at most: tasks with longer texts have no desk and are listed from their rows.
DESK = """CASE WHEN cardinality(candidate_groups) = 1 AND cardinality(candidate_users) = 0
AND cardinality(distinct_from) <= 4
AND octet_length(candidate_groups[1]) + octet_length(region) + octet_length(name) + octet_length(name_en)
+ octet_length(business_key) + octet_length(element_id) + coalesce(octet_length(assignee), 0)
+ coalesce(octet_length(distinct_from[1]), 0) + coalesce(octet_length(distinct_from[2]), 0)
+ coalesce(octet_length(distinct_from[3]), 0) + coalesce(octet_length(distinct_from[4]), 0) <= 1500
THEN candidate_groups[1] END"""

BETWEEN_TEXTS = "\x1f"
"""What parts the texts of `SEARCHED`; no diagram can hold it."""

# Lowered once, when the task is written. Texts that were cut, for the entry's sake, are looked for in the columns too.
SEARCHED_SIGNS = 200
SEARCHED = f"lower(substr((((name || chr(31)) || name_en) || chr(31)) || business_key, 1, {SEARCHED_SIGNS}))"

FREE = "assignee IS NULL AND cardinality(distinct_from) = 0"
"""Nobody holds it, and four eyes forbid it to nobody: each of its candidates may claim it."""

TAKEN = "(assignee IS NOT NULL OR cardinality(distinct_from) > 0)"
"""All others: somebody holds it, or somebody may not."""
