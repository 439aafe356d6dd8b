"""Checking a household's means with agencies: consents, the ledger of questions, reports, objections."""
