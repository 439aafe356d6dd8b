"""The monthly circular: figures by unit and town with a paragraph of words, a draft until it is published."""
