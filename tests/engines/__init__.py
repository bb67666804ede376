"""What the page does, in every engine: one description of each scenario, driven by WebDriver."""
