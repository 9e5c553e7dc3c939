"""gunicorn's settings. The application is loaded before forking: a wrong setting ends the start with one sentence."""

import multiprocessing

from gunicorn import util

from crc_site import env, env_parsers, gunicorn_errors
from crc_site.observability import logs

wsgi_app = "crc_site.wsgi:application"
bind = "0.0.0.0:8000"
workers = env.whole_number("WEB_CONCURRENCY", min(multiprocessing.cpu_count() * 2, 8), most=256)
worker_class = "gthread"
# On SQLite one writes at a time, and threads that wait for each other slow each other down; on PostgreSQL they overlap.
database = env.text("DATABASE_URL", "sqlite:")
threads = 2 if database.startswith("sqlite:") else 4
preload_app = True
timeout = 30
graceful_timeout = 4
keepalive = 5
limit_request_line = 8190  # the most there is; above it gunicorn itself answers 414
max_requests = 20_000
max_requests_jitter = 2_000
proxies = env.read("TRUSTED_PROXIES", env_parsers.networks, "a list of IP addresses or networks", env_parsers.LOOPBACK)
forwarded_allow_ips = ",".join(proxies)
accesslog = None
logconfig_dict = logs.CONFIG
control_socket_disable = True
util.write_error = gunicorn_errors.write_error  # there is no setting for what it answers by itself


def post_fork(server, worker) -> None:
    """In each process that answers: a thread does not survive the fork."""
    logs.buffer_request_lines()
