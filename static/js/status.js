// The status form: an autosave and a submit of the same draft must not race, or a writer would collide with himself.
// What a session that ran out would take away is kept as on every form; see unsent.js.
(() => {
  'use strict';
  const form = document.querySelector('form[data-autosave]');
  for (const button of document.querySelectorAll('[data-copy-from][hidden]')) button.hidden = false;
  if (!form) return;
  let isSaving = false;
  let isSending = false;
  let waiting = null; // the button of a submit that waits for the autosave before it

  form.addEventListener('htmx:beforeRequest', (event) => {
    if (event.target !== form) return;
    if (isSending || !('autosave' in form.dataset)) event.preventDefault();
    else isSaving = true;
  });
  form.addEventListener('htmx:afterRequest', (event) => {
    if (event.target !== form) return;
    isSaving = false;
    // somebody else's draft stands: from here on only the writer decides what is saved
    if (event.detail.xhr?.status === 409) delete form.dataset.autosave;
    if (!isSending) return;
    isSending = false;
    form.requestSubmit(waiting);
  });
  form.addEventListener('submit', (event) => {
    if (isSending) event.preventDefault(); // a second click
    else if (isSaving) {
      event.preventDefault();
      waiting = event.submitter;
      isSending = true;
    } else isSending = true;
  });
  // back from the history: the page is live again
  addEventListener('pageshow', () => { isSending = false; });
})();
