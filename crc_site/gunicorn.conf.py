"""gunicorn's settings. The application is loaded before forking, so a wrong setting stops the start."""

import multiprocessing

from gunicorn import util
from gunicorn.arbiter import Arbiter

from crc_site import env, env_parsers, gunicorn_errors
from crc_site.observability import logs

wsgi_app = "crc_site.wsgi:application"
bind = "0.0.0.0:8000"
workers = env.whole_number("WEB_CONCURRENCY", min(multiprocessing.cpu_count() * 2, 8), maximum=256)
worker_class = "gthread"
# SQLite has one writer at a time, and waiting threads slow each other down; PostgreSQL writes concurrently.
database = env.text("DATABASE_URL", "sqlite:")
threads = 2 if database.startswith("sqlite:") else 4
preload_app = True
timeout = 30
graceful_timeout = 4
keepalive = 5
limit_request_line = 8190  # gunicorn's maximum; it responds 414 above it
max_requests = 20_000
max_requests_jitter = 2_000
proxies = env.read("TRUSTED_PROXIES", env_parsers.networks, "a list of IP addresses or networks", env_parsers.LOOPBACK)
forwarded_allow_ips = ",".join(proxies)
accesslog = None
logconfig_dict = logs.CONFIG
control_socket_disable = True
util.write_error = gunicorn_errors.write_error  # gunicorn has no setting for its own error responses


def post_fork(server: object, worker: object) -> None:
    """Start the log's thread in each worker: threads do not survive a fork."""
    logs.buffer_request_lines()


if env.flag("METRICS", False):
    from crc_site.observability import metrics

    metrics.begin()

    def pre_fork(server: Arbiter, worker: metrics.Process) -> None:
        worker.slot = metrics.free_slot(list(server.WORKERS.values()))

    def post_worker_init(worker: metrics.Process) -> None:
        metrics.take_slot(worker)

    def on_exit(server: Arbiter) -> None:
        metrics.end()
