// The words of diagrams, with one that our engine and Camunda's know and the library of its modelers does not: without
// it a message that an event publishes would lose its key and its life whenever a diagram is opened and saved.
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json" with { type: "json" };

const attribute = (name) => ({ name, type: "String", isAttr: true });

const published = {
  name: "PublishMessage",
  superClass: ["Element"],
  meta: { allowedIn: ["bpmn:IntermediateThrowEvent", "bpmn:EndEvent", "bpmn:SendTask"] },
  properties: ["correlationKey", "messageId", "timeToLive"].map(attribute),
};

export const words = { ...zeebe, types: [...zeebe.types, published] };
