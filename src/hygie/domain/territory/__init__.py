"""Nation, ARS, GHT, EJ and ET, dated."""
