"""Draw pictures with Pillow."""
