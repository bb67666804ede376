"""Tools that build, serve and verify the page. Nothing here runs in the browser."""
