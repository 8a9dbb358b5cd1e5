// Mock mode's stand-in for Calendly's booking page: tells the page around it what Calendly's own tells, or, when a tester
// wants it so, too late and other things.
const main = document.querySelector('main');
const { embedded, messages, late, junk, forged } = main.dataset;
const say = message => { if (embedded === 'true' && parent !== window) parent.postMessage(message, '*'); };
const JUNK = [
  null, undefined, [], ['calendly.event_scheduled'], 'calendly.event_scheduled', 42, true, 'x'.repeat(1_000_000), {}, { event: null }, { event: 7, payload: 7 },
  { event: 'calendly.something_new', payload: {} }, { event: 'other.event_scheduled', payload: {} }, { event: 'calendly.page_height' },
  { event: 'calendly.page_height', payload: null }, { event: 'calendly.page_height', payload: { height: '99999999px' } },
  { event: 'calendly.page_height', payload: { height: '1px;position:fixed' } }, { event: 'calendly.page_height', payload: { height: '-5px' } },
];

// A frame without an origin of its own, whose messages come from neither Calendly nor our frame.
function forge() {
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.sandbox = 'allow-scripts';
  const { nonce } = document.querySelector('script');
  frame.src = `data:text/html,${encodeURIComponent(`<script nonce="${nonce}">parent.parent.postMessage(${forged}, '*')</script>`)}`;
  document.body.append(frame);
}

let height = 0;
function measure() {
  const now = Math.ceil(document.body.getBoundingClientRect().height);
  if (now === height) return;
  height = now;
  say({ event: 'calendly.page_height', payload: { height: `${now}px` } });
}

function begin() {
  main.hidden = false;
  if (junk === 'true') JUNK.forEach(say);
  if (forged) forge();
  JSON.parse(messages).forEach(say);
  new ResizeObserver(measure).observe(document.body);
}

const zone = document.querySelector('[data-guess="true"]');
if (zone) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;
if (main.hidden) setTimeout(begin, Number(late));
else begin();
