"""`ntpath` in a page, which has no paths of Windows: `pathlib` names this module, and asks it nothing."""
