"""Study plans, readiness and reminders."""
