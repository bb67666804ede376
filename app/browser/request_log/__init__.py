"""The picture in the request log panel."""
