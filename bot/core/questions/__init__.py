"""Questions, banks, spaced repetition, mock exams and quizzes."""
