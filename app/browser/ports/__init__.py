"""The ports of the core, made of browser parts."""
