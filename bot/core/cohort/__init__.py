"""What a cohort sees together: the weekly digest and the group's streaks."""
