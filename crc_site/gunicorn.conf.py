"""gunicorn's settings. The application is loaded before forking: a wrong setting ends the start with one sentence."""

import multiprocessing

from gunicorn import util

from crc_site import accepted, environment, logs, refusals

wsgi_app = "crc_site.wsgi:application"
bind = "0.0.0.0:8000"
workers = environment.whole_number("WEB_CONCURRENCY", min(multiprocessing.cpu_count() * 2, 8), most=256)
worker_class = "gthread"
# On SQLite one writes at a time, and threads that wait for each other slow each other down; on PostgreSQL they overlap.
database = environment.text("DATABASE_URL", "sqlite:")
threads = 2 if database.startswith("sqlite:") else 4
preload_app = True
timeout = 30
graceful_timeout = 4
keepalive = 5
limit_request_line = 8190  # the most there is; above it gunicorn itself answers 414
max_requests = 20_000
max_requests_jitter = 2_000
proxies = environment.read(
    "TRUSTED_PROXIES", accepted.networks, "a list of IP addresses or networks", accepted.LOOPBACK
)
forwarded_allow_ips = ",".join(proxies)
accesslog = None
logconfig_dict = logs.CONFIG
control_socket_disable = True
util.write_error = refusals.write_refusal  # there is no setting for what it answers by itself


def post_fork(server, worker) -> None:
    """In each process that answers: a thread does not survive the fork."""
    logs.gather_request_lines()
