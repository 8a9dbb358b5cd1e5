// data-app-idle on <html> is "true" only when no request runs and the last swap is in place and wired up.
const root = document.documentElement;
const running = new Set();

function show() {
  root.dataset.appRequests = running.size;
  // A request that began before this script is known only by the class that htmx gives its element.
  root.dataset.appIdle = running.size === 0 && !document.querySelector('.htmx-request');
}

document.addEventListener('htmx:before:request', event => {
  running.add(event.detail.ctx);
  show();
});
document.addEventListener('htmx:finally:request', event => {
  running.delete(event.detail.ctx);
  // htmx takes its class off after this event.
  queueMicrotask(show);
});
// htmx starts in a timer of its own, set before this script ran, so it is through when this one fires.
setTimeout(show);
