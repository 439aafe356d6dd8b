"""How a case is handled, whatever it asks for: clock, kin of staff, visits, notices, objections, appraisals."""
