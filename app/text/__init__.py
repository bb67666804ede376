"""All messages for people, their translation, and untrusted text made safe to show."""
