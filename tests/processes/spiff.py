"""SpiffWorkflow's own run time as a third opinion, for diagrams that it runs right: no loops, no events, no scopes."""

from __future__ import annotations

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState


def completed_in_spiff(xml, choices, *, x):
    """Complete what is ready in random order; return the ids of the user tasks and tasks that were done."""
    root = etree.fromstring(xml)
    for condition in root.iter("{*}conditionExpression"):
        condition.text = condition.text.removeprefix("=").replace("x", str(x))  # 3>1 is also Python
    parser = BpmnParser()
    parser.add_bpmn_xml(root)
    workflow = BpmnWorkflow(parser.get_spec("P"))
    workflow.do_engine_steps()
    done = set()
    while ready := workflow.get_tasks(state=TaskState.READY, manual=True):
        task = choices.choice(ready)
        done.add(task.task_spec.bpmn_id)
        task.run()
        workflow.do_engine_steps()
    assert workflow.is_completed()
    return done
