"""Papers of an office: templates edited in Word or WPS, filled with values, typeset as PDF.

Nothing here knows a case; what a paper is about comes as plain texts, lists and rows.
"""
