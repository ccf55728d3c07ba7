"""Course pages in Markdown, turned into course files."""
