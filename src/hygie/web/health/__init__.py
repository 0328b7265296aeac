"""For machines that watch the site: health, metrics, traces of requests, security headers."""
