"""The readiness check of the database, for /readyz."""

from crc_site.observability.health import Readiness, register_readiness_check
from screening.backups.restore_marker import is_restore_unfinished
from screening.models import Letter
from screening.privacy.key_check import WrongKeys, prove_keys
from screening.worker.heartbeat import heartbeat


@register_readiness_check
def inquiries_are_ready() -> Readiness:
    if is_restore_unfinished():
        return Readiness(problem="a restore into it was not finished")
    try:
        prove_keys()
    except WrongKeys as error:
        return Readiness(problem=str(error))
    # The site can serve without a worker, so a balancer keeps it; monitoring looks at the word.
    worker = "missing" if heartbeat().is_missing else "at work"
    return Readiness(details={"worker": worker, "oldest_unsent_mail_seconds": Letter.objects.age_of_oldest_unsent()})
