// What a walk through the modeler does in the page; see modeler_walk.py.
const names = { addEverything: () => {
  const { modeler } = document.querySelector("[data-editor]");
  const [factory, modeling, canvas] = ["elementFactory", "modeling", "canvas"].map((name) => modeler.get(name));
  const created = [];
  const failed = [];
  const add = (attributes) => {
    const number = created.length;
    const at = { x: 200 + (number % 8) * 220, y: 2400 + Math.floor(number / 8) * 220 };
    const parent = modeler.get("elementRegistry").find((one) => one.type === "bpmn:Participant") ?? canvas.getRootElement();
    try {
      created.push(modeling.createShape(factory.createShape(attributes), at, parent).id);
    } catch (error) {
      failed.push(`${JSON.stringify(attributes)}: ${error.message}`);
    }
  };
  const wide = ["SubProcess", "AdHocSubProcess"];
  ["Task", "UserTask", "ServiceTask", "SendTask", "ReceiveTask", "ManualTask", "BusinessRuleTask", "ScriptTask", "CallActivity", ...wide]
    .forEach((name) => add({ type: `bpmn:${name}`, isExpanded: wide.includes(name) }));
  add({ type: "bpmn:SubProcess", isExpanded: true, triggeredByEvent: true });
  ["ExclusiveGateway", "ParallelGateway", "InclusiveGateway", "EventBasedGateway", "DataObjectReference", "DataStoreReference", "TextAnnotation"]
    .forEach((name) => add({ type: `bpmn:${name}` }));
  const events = {
    StartEvent: ["", "Message", "Timer", "Signal", "Conditional"],
    IntermediateCatchEvent: ["Message", "Timer", "Signal", "Link", "Conditional"],
    IntermediateThrowEvent: ["", "Message", "Signal", "Escalation", "Link", "Compensate"],
    EndEvent: ["", "Message", "Error", "Signal", "Terminate", "Escalation", "Compensate"],
  };
  for (const [name, definitions] of Object.entries(events)) {
    definitions.forEach((one) => add({ type: `bpmn:${name}`, ...(one && { eventDefinitionType: `bpmn:${one}EventDefinition` }) }));
  }
  return { created, failed };
},

openGroups: async () => {
  const rest = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const closed = (part) => `.bio-properties-panel-${part}-header:not(.open) .bio-properties-panel-${part}-header-title`;
  for (let round = 0; round < 2; round += 1) {
    for (const part of ["group", "collapsible-entry"]) document.querySelectorAll(closed(part)).forEach((one) => one.click());
    await rest();
  }
  for (const one of document.querySelectorAll(".bio-properties-panel-add-entry")) { one.click(); await rest(); }
},

select: (id) => {
  const { modeler } = document.querySelector("[data-editor]");
  const found = modeler.get("elementRegistry").get(id);
  modeler.get("selection").select(found);
  const menu = modeler.get("popupMenu");
  for (const provider of ["bpmn-replace", "bpmn-append", "bpmn-create", "color-picker", "element-template-chooser"]) {
    if (menu.isEmpty(found, provider)) continue;
    menu.open(found, provider, { x: 300, y: 300 });
    menu.close();
  }
  modeler.get("contextPad").open(found);
},

applyTemplates: () => {
  const { modeler } = document.querySelector("[data-editor]");
  const [templates, registry, modeling] = ["elementTemplates", "elementRegistry", "modeling"].map((name) => modeler.get(name));
  const participant = registry.find((one) => one.type === "bpmn:Participant") ?? modeler.get("canvas").getRootElement();
  return templates.getAll().map((template, number) => {
    const shape = modeling.createShape({ type: "bpmn:Task" }, { x: 200 + number * 160, y: 4200 }, participant);
    return templates.applyTemplate(shape, template).id;
  });
},

flows: () =>
  document.querySelector("[data-editor]").modeler.get("elementRegistry")
    .filter((one) => ["bpmn:SequenceFlow", "bpmn:Participant", "bpmn:Lane"].includes(one.type))
    .slice(0, 6)
    .map((one) => one.id),
};
window.modelerWalk = names;
