"""What a cohort is told: the weekly digest and the group's streaks."""
