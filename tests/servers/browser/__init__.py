"""The page in Chromium at step-ca and OpenBao."""
