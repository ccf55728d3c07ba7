"""Convert course pages in Markdown to course files."""
