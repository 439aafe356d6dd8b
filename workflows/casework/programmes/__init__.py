"""What units keep while they answer referrals: facts as shared, pauses, job offers, bills, queues, grants by term."""
