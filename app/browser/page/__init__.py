"""The page as a whole, and what every view needs of the DOM."""
