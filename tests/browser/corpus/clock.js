// A page that waits for no frame: what the viewer leaves for the next frame or the next turn is done in the next turn.
const { port1, port2 } = new MessageChannel();
const waiting = new Map();
let last = 0;
port1.onmessage = ({ data: number }) => {
  const callback = waiting.get(number);
  waiting.delete(number);
  if (callback) callback(0);
};

function later(callback) {
  last += 1;
  waiting.set(last, callback);
  port2.postMessage(last);
  return last;
}

const setRealTimeout = window.setTimeout.bind(window);
window.requestAnimationFrame = later;
window.cancelAnimationFrame = (number) => waiting.delete(number);
window.setTimeout = (callback, delay, ...values) => (delay ? setRealTimeout(callback, delay, ...values) : -later(() => callback(...values)));

/** Resolves when everything that waits now, and what that makes wait, has had a few turns. */
export async function turns(count) {
  for (let turn = 0; turn < count; turn += 1) await new Promise(later);
}
