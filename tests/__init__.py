"""Tests: unit, contract, integration, browser. What each folder proves stands in CONTRIBUTING.md."""
