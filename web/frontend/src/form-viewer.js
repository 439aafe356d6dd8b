// The task form: draws a form, keeps a draft, hands the answers to the server and shows its objections at the fields.
// <div data-form="ID"> is filled from the JSON in <script type="application/json" id="ID">.
import "form-viewer/dist/assets/form-js.css";
import "./form/form.css";

import { isChinese, pageData } from "./page.js";
import { openForm } from "./form/task-form.js";

for (const container of document.querySelectorAll("[data-form]")) {
  openForm(container, pageData(container.dataset.form), { chinese: isChinese() });
}
