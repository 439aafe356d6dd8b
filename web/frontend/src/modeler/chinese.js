// The modeler in Chinese: what its makers and others translated, then our own words, which win.
import core from "bpmn-js-i18n/translations/zn.js";
import diagram from "bpmn-js-i18n-zh/lib/bpmn-js";
import panel from "bpmn-js-i18n-zh/lib/properties-panel";
import zeebe from "bpmn-js-i18n-zh/lib/zeebe-properties-panel";

import own from "../zh/bpmn-own.json";

export const CHINESE_MODELER = { ...core, ...diagram, ...panel, ...zeebe, ...own };
