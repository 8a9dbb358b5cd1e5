// Sign-in and sign-out with Clerk. Both scripts are deferred, so Clerk's own has run before this one, or never will.
const panel = document.getElementById('clerk');
const clerk = window.Clerk;

function show(state) {
  for (const part of panel.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== state;
}

async function leave() {
  show('waiting');
  await clerk.signOut({ redirectUrl: '/sign-in' });
  location.replace('/sign-in');
}

// Sent on and straight back again: the token that Clerk gave was refused, and would be every time.
function isRefused() {
  const before = Number(sessionStorage.getItem('clerk'));
  sessionStorage.setItem('clerk', Date.now());
  return Date.now() - before < 10000;
}

async function start() {
  await clerk.load({ telemetry: false });
  if (panel.dataset.leaving) return leave();
  if (!clerk.session) return show('ready');
  if (!panel.dataset.known && isRefused()) return show('refused');
  await clerk.session.getToken({ skipCache: true });
  location.replace(panel.dataset.done);
}

panel.addEventListener('click', event => {
  const act = event.target.closest('[data-do]')?.dataset.do;
  const back = { signInForceRedirectUrl: location.href, signUpForceRedirectUrl: location.href };
  if (act) (act === 'leave' ? leave() : clerk.redirectToSignIn(back)).catch(() => show('missing'));
});
(clerk ? start() : Promise.reject()).catch(() => show('missing'));
