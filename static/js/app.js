// Small behaviors, all delegated from the document so that swapped content needs no wiring. No eval, no inline code.
(() => {
  'use strict';
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  // Theme ---------------------------------------------------------------------------------------------------------
  const isDark = () => root.dataset.theme === 'dark'
    || (root.dataset.theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  const switchTheme = () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('rounds-theme', root.dataset.theme);
    } catch {
      // storage may be switched off; the choice then lasts for this page
    }
    document.dispatchEvent(new CustomEvent('rounds:theme'));
  };

  // Dialogs: find, drawer, any <dialog> by id -----------------------------------------------------------------------
  const open = (id) => {
    const dialog = byId(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    if (id === 'palette') byId('find-q')?.select();
  };
  const isFind = (event) => (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k';

  // Find: a combobox whose answers come from the server -------------------------------------------------------------
  const options = () => [...document.querySelectorAll('#find-results [role="option"]')];
  const choose = (wanted) => {
    const input = byId('find-q');
    for (const option of options()) option.setAttribute('aria-selected', String(option === wanted));
    if (wanted) {
      input.setAttribute('aria-activedescendant', wanted.id);
      wanted.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-expanded', String(options().length > 0));
  };
  const go = (option) => option?.dataset.url && location.assign(option.dataset.url);
  const moveInFind = (event) => {
    const all = options();
    const at = all.findIndex((option) => option.getAttribute('aria-selected') === 'true');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      choose(all[(at + step + all.length) % all.length]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(all[Math.max(at, 0)]);
    }
  };

  // Copy last week's text: data-copy-from="id of the source", data-copy-to="id of the field"; without the latter,
  // every element with data-copy-to inside the source is copied to its field -------------------------------------------
  const put = (field, text) => {
    if (!field) return;
    field.value = text.trim();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const copy = (button) => {
    const from = byId(button.dataset.copyFrom);
    if (!from) return;
    if (button.dataset.copyTo) put(byId(button.dataset.copyTo), from.textContent);
    else for (const part of from.querySelectorAll('[data-copy-to]')) put(byId(part.dataset.copyTo), part.textContent);
    button.closest('form')?.querySelector('[data-copied]')?.replaceChildren('Copied. Change what is no longer true.');
  };

  // Copy what an element says to the clipboard: data-clipboard="its id" ------------------------------------------------
  const toClipboard = async (button) => {
    await navigator.clipboard.writeText(byId(button.dataset.clipboard).innerText.trim());
    button.lastChild.textContent = 'Copied';
  };

  // Guard: leaving a changed form asks first; sending it does not ----------------------------------------------------
  const changed = new Set();
  document.addEventListener('input', (event) => {
    const form = event.target.closest?.('form[data-guard]');
    if (form) changed.add(form);
  });
  document.addEventListener('submit', (event) => changed.delete(event.target));
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = event.target.closest?.('form[data-guard]');
    if (form && event.detail.successful) changed.delete(form);
  });
  addEventListener('beforeunload', (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });

  // A second click while the first is on its way. Comfort: the server does each form once. After a while the answer is
  // taken for lost, and whoever comes back from the history sends anew; what htmx sends waits in its own queue ----------
  const PATIENCE = 3000;
  let sentAt = new WeakMap();
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== 'post') return;
    const now = performance.now();
    if (now - (sentAt.get(form) ?? -PATIENCE) < PATIENCE) event.preventDefault();
    else sentAt.set(form, now);
  });
  addEventListener('pageshow', () => { sentAt = new WeakMap(); });

  // Clicks --------------------------------------------------------------------------------------------------------
  const clicks = {
    '[data-theme-toggle]': switchTheme,
    '[data-print]': () => window.print(),
    '[data-open]': (button) => open(button.dataset.open),
    '[data-close]': (button) => button.closest('dialog')?.close(),
    '[data-dismiss]': (button) => button.closest('.toast, .notice')?.remove(),
    '[data-copy-from]': copy,
    '[data-clipboard]': toClipboard,
    '#find-results [role="option"]': go,
  };
  document.addEventListener('click', (event) => {
    for (const [selector, act] of Object.entries(clicks)) {
      const hit = event.target.closest(selector);
      if (hit) act(hit);
    }
    if (event.target.matches('dialog')) event.target.close(); // the veil, as the content fills the dialog
    for (const menu of document.querySelectorAll('details.user[open]')) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener('keydown', (event) => {
    if (isFind(event) && byId('palette')) {
      event.preventDefault();
      open('palette');
    } else if (event.target.id === 'find-q') moveInFind(event);
    else if (event.key === 'Escape') {
      const menu = document.querySelector('details.user[open]');
      if (menu) {
        menu.open = false;
        menu.querySelector('summary').focus();
      } else event.target.closest?.('.mend')?.querySelector('[data-escape]')?.click(); // a row opened in its table
    }
  });

  // A table of fields: arrow up and down stay in the column, as in a spreadsheet ------------------------------------------
  document.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const cell = step && event.target.matches('input') && event.target.closest('[data-columns] td');
    if (!cell) return;
    let row = cell.parentElement;
    do row = step > 0 ? row.nextElementSibling : row.previousElementSibling; while (row && !row.cells[cell.cellIndex].querySelector('input'));
    const field = row?.cells[cell.cellIndex].querySelector('input');
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  // Controls that send their form at once, where there is no htmx on them ---------------------------------------------
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-autosubmit]')) event.target.form.requestSubmit();
  });

  // Pages and tabs that do not fit: the current one is in sight -----------------------------------------------------------
  for (const here of document.querySelectorAll(':is(.nav, .tabs) [aria-current]')) {
    const bar = here.parentElement;
    const middle = here.getBoundingClientRect().left - bar.getBoundingClientRect().left + here.offsetWidth / 2;
    bar.scrollLeft = bar.scrollLeft + middle - bar.clientWidth / 2;
  }

  // After a swap --------------------------------------------------------------------------------------------------
  const focusMarked = () => {
    const marked = document.querySelector('[data-focus]');
    if (!marked) return;
    marked.removeAttribute('data-focus');
    marked.focus();
  };
  document.addEventListener('htmx:load', focusMarked);
  document.addEventListener('htmx:afterSwap', (event) => {
    const { id } = event.detail.target;
    if (id === 'drawer-body') open('drawer');
    if (id === 'find-results') choose(options()[0]);
  });
  const complain = (text) => {
    const box = byId('trouble');
    if (!box) return;
    box.querySelector('p').textContent = text;
    box.hidden = false;
  };
  document.addEventListener('htmx:responseError', () => complain('The server could not answer. What you typed is still here: try again in a moment.'));
  document.addEventListener('htmx:sendError', () => complain('There is no connection to the server. What you typed is still here: try again when you are online.'));
  document.addEventListener('htmx:afterOnLoad', () => { const box = byId('trouble'); if (box) box.hidden = true; });
  focusMarked();
})();
