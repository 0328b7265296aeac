"""Pure engines: values in, values out, no Django; no engine imports another."""
