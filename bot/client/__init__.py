"""The Discord client: command tree, responses, posting messages, running quizzes."""
