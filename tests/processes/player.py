"""Plays commands against the core as a host would, and checks after each that the facts tell the whole state."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from engine.core import codec, model
from engine.core.interpreter import run
from engine.core.listener_model import ChangeTask
from engine.core.listener_results import read_result
from tests.processes.host import NOW, GivenHandlers, OneDocument, environment
from tests.processes.views import OpenWork, open_work, replay

WAITING_TAGS = ("intermediateCatchEvent", "receiveTask")


class Player:
    """One process instance of a document, with its clock."""

    def __init__(self, xml, *, round_trips=False, handlers=None, evaluator=None, step_limit=10_000, is_spent=None):
        self.definitions = OneDocument(xml)
        self.round_trips = round_trips
        self.lent = {"handlers": handlers or GivenHandlers(), "evaluator": evaluator, "step_limit": step_limit}
        if is_spent is not None:
            self.lent["is_spent"] = is_spent
        self.now = NOW
        self.snapshot = None
        self.facts = []
        self.replayed = OpenWork()

    # ---- commands

    def start(self, start_event=None, process_id="P", **variables):
        return self.run(model.Start(definition=process_id, variables=variables, start_event=start_event))

    def run(self, command):
        before = self.snapshot
        stored = None if before is None else codec.encode(before)
        if self.round_trips and stored is not None:
            self.snapshot = codec.decode(stored)
            assert self.snapshot == before
        outcome = run(self.snapshot, command, environment(self.definitions, now=self.now, **self.lent))
        assert before is None or codec.encode(before) == stored, "the run changed the snapshot it was given"
        self.snapshot = outcome.snapshot
        self.facts.extend(outcome.facts)
        replay(outcome.facts, self.replayed)
        assert self.replayed == open_work(self.snapshot, self.definitions)
        return outcome.facts

    def do(self, element_id, loop_counter=None, **variables):
        return self.run(model.CompleteWork(key=self.work(element_id, loop_counter), variables=variables))

    def answer(self, listener, **result):
        """Complete the job of a task listener with a result as a worker writes it."""
        return self.run(model.CompleteWork(key=self.work(listener), variables={}, result=read_result(result)))

    def decide(self, element_id, *elements, is_over=False, cancel_remaining=False, own=None, **variables):
        """Complete the job of an ad-hoc sub-process; `own` are variables of each element that begins."""
        chosen = tuple(model.AdHocActivity(element=each, variables=own or {}) for each in elements)
        result = model.AdHocResult(elements=chosen, is_fulfilled=is_over, cancel_remaining=cancel_remaining)
        return self.run(model.CompleteWork(key=self.work(element_id), variables=variables, result=result))

    def change(self, element_id, event, action, **attributes):
        """Ask for another assignee or other attributes of an open user task, as a command would."""
        key = self.work(element_id)
        before = next(each.task for each in self.instances() if each.key == key)
        after = replace(before, **attributes)
        return self.run(ChangeTask(key=key, event=event, action=action, before=before, after=after))

    def throw_error(self, element_id, code, **variables):
        return self.run(model.ThrowError(key=self.work(element_id), code=code, variables=variables))

    def fail(self, element_id, reason="it failed"):
        return self.run(model.FailWork(key=self.work(element_id), reason=reason))

    def retry(self, element_id, **variables):
        key = next(each.key for each in self.instances() if each.element == element_id and each.incident)
        if variables:
            self.run(model.SetVariables(scope=key, variables=variables))
        return self.run(model.Retry(key=key))

    def send_message(self, name, key=None, **variables):
        for each in self.subscriptions("message"):
            if each.name == name and each.correlation_key in (None, key):
                self.run(model.Trigger(subscription=each.key, variables=variables))
                return

    def send_signal(self, name, **variables):
        for each in self.subscriptions("signal"):
            if each.name == name and each.key in self.replayed.subscriptions:
                self.run(model.Trigger(subscription=each.key, variables=variables))

    def wait(self, seconds):
        until = self.now + timedelta(seconds=seconds)
        while due := [each for each in self.subscriptions("timer") if each.due <= until]:
            first = min(due, key=lambda each: (each.due, each.key))
            self.now = max(self.now, first.due)
            self.run(model.Trigger(subscription=first.key))
        self.now = until

    def begin(self, scope, *elements, cancel_remaining=False, **variables):
        """Begin elements in an ad-hoc sub-process, each with these variables of its own."""
        nodes = self.definitions.processes
        [key] = [
            each.key
            for each in self.instances()
            if each.element == scope and not each.is_activation and nodes[each.definition].nodes[scope].loop is None
        ]
        chosen = tuple(model.AdHocActivity(element=each, variables=variables) for each in elements)
        return self.run(model.ActivateAdHoc(scope=key, elements=chosen, cancel_remaining=cancel_remaining))

    def set_variables(self, element_id, *, local=False, **variables):
        return self.run(model.SetVariables(scope=self.key(element_id), variables=variables, local=local))

    # ---- views

    def key(self, element_id):
        """Return the key of the one living instance of an element."""
        [found] = [each.key for each in self.instances() if each.element == element_id]
        return found

    def instances(self):
        return () if self.snapshot is None else self.snapshot.instances

    def subscriptions(self, kind):
        return [each for element in self.instances() for each in element.subscriptions if each.kind == kind]

    def work(self, element_id, loop_counter=None):
        """Return the key of a user task or job, also of one that decides; `element:type` is the job of a listener."""
        open_keys = open_work(self.snapshot, self.definitions).work
        if ":" in element_id:
            found = [
                each.listening.job
                for each in self.instances()
                if self.listener(each) == element_id and loop_counter in (None, each.loop_counter)
            ]
            assert found, f"{element_id} is not open; open are {self.open()}"
            assert found[0] in open_keys
            return found[0]
        found = [
            each.job or each.key
            for each in self.instances()
            if (each.job or each.key) in open_keys
            and each.element == element_id
            and loop_counter in (None, each.loop_counter)
        ]
        assert found, f"{element_id} is not open; open are {self.open()}"
        return found[0]

    def listener(self, element):
        """Return element:type of the listener whose job is open, as its type is drawn; None when there is none."""
        if element.listening is None or element.listening.job is None or element.incident is not None:
            return None
        node = self.definitions.get(element.definition).nodes[element.element]
        return f"{element.element}:{node.listeners(element.listening.event)[element.listening.index].type}"

    def open(self):
        """Return the open set as one text: work, jobs of listeners, waiting events, and !incidents."""
        work = open_work(self.snapshot, self.definitions).work
        found = []
        for each in self.instances():
            nodes = self.definitions.get(each.definition).nodes
            if each.incident is not None:
                found.append(f"!{each.element}")
                continue
            if each.key in work or each.job is not None:
                found.append(each.element)
            if (job := self.listener(each)) is not None:
                found.append(job)
            found += [one.element for one in each.subscriptions if nodes[one.element].tag in WAITING_TAGS]
        return " ".join(sorted(found))

    def told(self, kind):
        return [fact for fact in self.facts if isinstance(fact, kind)]

    @property
    def is_done(self):
        return self.snapshot is None

    def variables(self):
        if self.snapshot is None:
            return self.told(model.InstanceEnded)[-1].variables
        return self.snapshot.instances[0].variables

    def completed(self):
        return Counter(fact.element for fact in self.told(model.Left))
