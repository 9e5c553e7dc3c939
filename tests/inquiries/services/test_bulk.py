import pytest
from django.contrib.auth.models import User

from screening.inquiries import services
from screening.models import Event, Inquiry, Status
from tests.builders import inquiry

pytestmark = pytest.mark.django_db


def test_several_are_closed_and_those_that_cannot_be_are_reported(staff):
    first, second, closed, withdrawn, erased = (inquiry() for _ in range(5))
    services.move_status(closed, "closed", staff, "booked")
    services.withdraw(withdrawn.pk)
    Inquiry.objects.filter(pk=erased.pk).delete()
    outcome = services.bulk_close([first, closed, withdrawn, erased, second], "no-reply", staff)
    assert outcome.done == [first, second]
    assert [(inquiry, type(why)) for inquiry, why in outcome.refused] == [
        (closed, services.IllegalMove),
        (withdrawn, services.IsWithdrawn),
        (erased, Inquiry.DoesNotExist),
    ]
    assert set(Inquiry.objects.filter(status=Status.CLOSED).values_list("closed_as", flat=True)) == {
        "no-reply",
        "booked",
        "withdrawn",
    }
    assert first.events.filter(kind=Event.Kind.MOVED, actor=staff).count() == 1


@pytest.mark.parametrize("closed_as", ["withdrawn", "", "eligible"])
def test_a_forged_way_of_closing_closes_nothing(closed_as, staff):
    made = inquiry()
    outcome = services.bulk_close([made], closed_as, staff)
    assert (outcome.done, len(outcome.refused)) == ([], 1)
    assert not Inquiry.objects.closed().exists()


def test_several_are_assigned_but_not_over_what_a_colleague_has_just_done(staff):
    free, taken, colleague = inquiry(), inquiry(), User.objects.create_user("colleague")
    version = {made.pk: services.current_version(made) for made in (free, taken)}
    services.assign(taken, colleague, colleague)
    outcome = services.bulk_assign([free, taken], staff, staff, version=version)
    assert outcome.done == [free]
    assert [type(why) for _inquiry, why in outcome.refused] == [services.Conflict]
    assert list(Inquiry.objects.assigned_to(staff)) == [free]
