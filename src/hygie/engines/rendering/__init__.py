"""Documents to print and keep: accessible PDF, made by typst from plain values."""
