"""The machinery that turns the chapters into notebooks, a library and a book."""
