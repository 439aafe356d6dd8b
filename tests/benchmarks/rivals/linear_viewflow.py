"""viewflow's linear flow of ten tasks on PostgreSQL, run in an environment of its own: order on stdin, figures out."""

# ruff: noqa: PLC0415  (Django must be set up before its models are imported)

import json
import sys
import time
import types

ORDER = json.loads(sys.stdin.read())
TASKS = 10
OPINION = "材料齐全，情况属实，与入户所见一致，建议按规定办理；"


def set_up():
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **ORDER["database"]}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "viewflow.workflow", "linear"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        ROOT_URLCONF="linear",
    )
    linear = types.ModuleType("linear")
    linear.__path__ = ["."]
    sys.modules["linear"] = linear
    django.setup()
    call_command("migrate", verbosity=0)


def flow_of_ten():
    from viewflow import this
    from viewflow.workflow import flow, lock
    from viewflow.workflow.models import Process

    body = {
        "__module__": "linear.flows",
        "process_class": Process,
        "lock_impl": lock.select_for_update_lock,
        "start": flow.StartHandle().Next(this.t1),
    }
    for number in range(1, TASKS + 1):
        following = getattr(this, f"t{number + 1}" if number < TASKS else "end")
        view = flow.View(lambda request: None).Permission("auth.view_user").Next(following)
        body[f"t{number}"] = view
    body["end"] = flow.End()
    flows = sys.modules["linear.flows"] = types.ModuleType("linear.flows")
    flows.Linear = type("Linear", (flow.Flow,), body)
    return flows.Linear


def main():
    set_up()
    from django.contrib.auth.models import User
    from django.db import transaction
    from viewflow.workflow.models import Task

    flow_class = flow_of_ten()
    user = User.objects.create(username="bench", is_superuser=True)
    cases = max(1, ORDER["tasks"] // TASKS)

    def play(count):
        processes = [flow_class.start.run() for _ in range(count)]
        done, started, cpu = 0, time.perf_counter(), time.process_time()
        for process in processes:
            for number in range(1, TASKS + 1):
                task = Task.objects.get(process_id=process.pk, status__in=["NEW", "ASSIGNED"])
                with transaction.atomic(), task.activation() as activation:
                    activation.process.data = {
                        **(activation.process.data or {}),
                        f"t{number}": {"opinion": OPINION, "amount": 1200 + done, "checked": True},
                    }
                    activation.process.save()
                    activation.assign(user)
                    activation.start(None)
                    activation.execute()
                done += 1
        return done, time.perf_counter() - started, time.process_time() - cpu

    play(2)
    done, seconds, cpu = play(cases)
    print(json.dumps({"count": done, "a_second": done / seconds, "client_ms": cpu / done * 1000}))


if __name__ == "__main__":
    main()
