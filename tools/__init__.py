"""What builds, serves and tests the page. Nothing here runs in the browser."""
