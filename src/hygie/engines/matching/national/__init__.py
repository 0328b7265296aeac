"""The estate of a whole nation against the corpus: intervals and counts, never one row a finding.

``placing`` gives each distinct (product, version) a place, places sorted so that a statement
touches one interval of them; ``touching`` finds those intervals; ``holding`` keeps who has
what; ``counting`` adds up by establishment and severity; ``locating`` answers "who has this
CVE". Measured in ``bench/matching``.
"""
