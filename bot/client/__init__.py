"""The Discord client: commands, responses, posting, running quizzes."""
