// The set-up page: the token stands behind the # of the address, which no browser sends; the form takes it along.
(() => {
  'use strict';
  const form = document.querySelector('form[data-setup]');
  if (!form) return;
  const field = form.elements.token;
  const token = decodeURIComponent(location.hash.slice(1));
  if (token) {
    field.value = token;
    form.action = location.pathname + location.hash; // it comes back with a form that has faults
  }
  // opened without a token, or it did not fit: the field to paste the link into
  if (!token || 'open' in form.dataset) document.getElementById('paste').classList.remove('nojs');

  document.querySelector('[data-focus]')?.focus();

  const zone = form.elements.time_zone;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...zone.options].some((option) => option.value === here);
  if ('guess' in form.dataset && known) zone.value = here;
})();
