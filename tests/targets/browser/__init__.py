"""The files and the guides of the page in Chromium, in the hands of other programs."""
