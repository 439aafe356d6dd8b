// Keys in a form: Ctrl+Enter hands it in, Enter in a text field never does, Ctrl+S saves the draft.

const SUBMITS_ON_ENTER = "input:not([type=submit]):not([type=button]):not([type=reset]):not([type=file])";

/**
 * @param {HTMLElement} container
 * @param {{ submit: () => void, save: () => void }} actions
 */
export function addKeys(container, { submit, save }) {
  container.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.target.matches(SUBMITS_ON_ENTER)) event.preventDefault();
  });
  const shortcut = (event) => {
    const control = event.ctrlKey || event.metaKey;
    if (!control || event.isComposing || event.repeat) return;
    if (event.key === "Enter") submit();
    else if (event.key.toLowerCase() === "s") save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("keydown", shortcut, { capture: true }); // before a drop-down takes the key for itself
}
