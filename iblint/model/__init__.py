"""The data that all parts of iblint exchange: frozen values, standard library only."""
