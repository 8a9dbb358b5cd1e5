// Times: the browser's zone for forms that ask for it, and ages ("12 s ago") and countdowns ("38 s") that follow the
// application's clock.
const meta = document.querySelector('meta[name="app-now"]');
const start = Date.parse(meta?.content ?? '') || Date.now();
const ahead = start - Date.now();
const still = meta?.dataset.frozen === 'true' || matchMedia('(prefers-reduced-motion: reduce)').matches || new URLSearchParams(location.search).has('still');

const now = () => (still ? start : Date.now() + ahead);

function age(seconds) {
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86400)} d ago`;
}

function refresh() {
  for (const time of document.querySelectorAll('time[data-age]')) time.textContent = age((now() - Date.parse(time.dateTime)) / 1000);
}

// "countdown-over" reaches whatever around it wants to be read anew.
function count() {
  for (const it of document.querySelectorAll('[data-until]')) {
    const left = Math.ceil((Date.parse(it.dataset.until) - now()) / 1000);
    it.textContent = `${Math.max(0, left)} s`;
    if (left > 0) continue;
    delete it.dataset.until;
    it.dispatchEvent(new CustomEvent('countdown-over', { bubbles: true }));
  }
}

function fill() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const input of document.querySelectorAll('input[type="hidden"][name="zone"]')) input.value ||= timeZone ?? '';
  refresh();
}

// The address may have been pushed since the page was made.
document.addEventListener('submit', event => {
  const back = event.target.elements?.returnTo;
  if (back?.closest('.top')) back.value = location.pathname + location.search;
});
document.addEventListener('htmx:after:settle', fill);
fill();
if (!still) {
  setInterval(refresh, 5000);
  setInterval(count, 1000);
}
