"""Pictures, drawn with Pillow."""
