// Buttons that copy a text, and buttons that say what they have started.
document.addEventListener('click', async event => {
  const button = event.target.closest('button[data-copy]');
  if (!button || button.dataset.was) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    // Not allowed here: the text beside the button is selected instead, ready for the keyboard.
    getSelection().selectAllChildren(button.previousElementSibling ?? button.parentElement);
    return;
  }
  const label = button.firstChild;
  button.dataset.was = label.data;
  label.data = 'Copied';
  document.getElementById('live').textContent = `Copied ${button.dataset.copy}`;
  setTimeout(() => {
    label.data = button.dataset.was;
    delete button.dataset.was;
  }, 2000);
});

document.addEventListener('submit', event => {
  const button = event.submitter;
  if (!button?.dataset.busy) return;
  button.dataset.was = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute('aria-busy', 'true');
});

// Back from the page it led to, out of the browser's memory.
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button[aria-busy]')) {
    button.textContent = button.dataset.was;
    button.removeAttribute('aria-busy');
    delete button.dataset.was;
  }
});
