// The page works without any of this; it makes it quicker to use and tells tests when it is at rest.
import './idle.js';
import './toasts.js';
import './cancel.js';
import './focus.js';
import './buttons.js';
import './keys.js';
import './slots.js';
import './status.js';
import './time.js';
