"""A release that changes tables which every request reads: what the test of upgrading installs."""
