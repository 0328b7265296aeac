"""CVE, KEV, EPSS files to one columnar corpus."""
