// data-app-idle on <html> is "true" only when no request runs and the last swap is in place and wired up.
const root = document.documentElement;
const running = new Set();

// For work that is no request of htmx's, or not yet.
export function hold(token) {
  running.add(token);
  show();
}
export function release(token) {
  running.delete(token);
  show();
}

function show() {
  root.dataset.appRequests = running.size;
  // A request that began before this script is known only by the class that htmx gives its element.
  root.dataset.appIdle = running.size === 0 && !document.querySelector('.htmx-request:not(#stream)');
}

// The stream is no request that ends.
document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  if (ctx.sourceElement.id !== 'stream') hold(ctx);
});
document.addEventListener('htmx:finally:request', event => {
  running.delete(event.detail.ctx);
  // htmx takes its class off after this event.
  queueMicrotask(show);
});
// htmx starts in a timer of its own, set before this script ran, so it is through when this one fires.
setTimeout(show);
