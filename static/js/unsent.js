// Words that are typed and not saved are kept on the server, and offered when their form is opened again. Nothing of
// them is put into the browser's storage. Whom a page was drawn for says a signed note, which its forms take along.
(() => {
  'use strict';
  const note = document.querySelector('meta[name="unsent-note"]').content;
  const keeper = document.currentScript.dataset.url;
  const WAIT = 1500; // milliseconds after the last key
  const AGAIN = 15000; // milliseconds until a server that did not answer is asked again
  const LARGEST_LAST = 60000; // bytes: what a browser sends for a page that is being left
  const KINDS = ['text', 'email', 'url', 'tel', 'number', 'date', 'month', 'time']; // a form with one of them is typed into
  const TYPED = ['textarea', 'input:not([type])', ...KINDS.map((kind) => `input[type="${kind}"]`)].join(', ');
  const NOT_KEPT = new Set(['submit', 'button', 'image', 'reset', 'file', 'password']);
  const states = new WeakMap();
  let offers = new Map(); // form's path -> what is kept of it
  const loose = new Map(); // form's path -> the notice of what is kept of a form that is not here

  const controls = (form) => [...form.elements].filter((one) => one.name && !NOT_KEPT.has(one.type));
  const isOurs = (form) => (form.hasAttribute('hx-post') || form.getAttribute('method')?.toLowerCase() === 'post')
    && !form.querySelector('input[type="password"]')
    && controls(form).some((one) => one.matches(TYPED));
  const pathOf = (form) => new URL(form.getAttribute('action') || form.getAttribute('hx-post') || '', location.href).pathname;
  const addressOf = (path, part = '') => `${keeper}${part}?form=${encodeURIComponent(path)}`;
  const stateOf = (form) => {
    if (!states.has(form)) states.set(form, { touched: new Set(), sent: null, said: '', offer: null, line: null });
    return states.get(form);
  };
  const piece = (id, said) => {
    const part = document.getElementById(id).content.cloneNode(true);
    const slot = part.querySelector('[data-said]');
    if (said && slot) slot.textContent = said;
    return part;
  };

  // What a form holds now; fields that nobody touched keep what is on offer for them ------------------------------------
  const held = (form) => {
    const { touched, offer } = stateOf(form);
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && (!offer || touched.has(name) || !(name in offer.typed))) data.append(name, value);
    }
    for (const [name, values] of Object.entries(offer?.typed ?? {})) {
      if (!touched.has(name)) for (const value of values) data.append(name, value);
    }
    return data;
  };

  // Where a form says what became of its words -------------------------------------------------------------------------
  const lineOf = (form) => {
    const state = stateOf(form);
    if (!state.line?.isConnected) {
      state.line = form.querySelector('#draft-state') ?? document.createElement('p');
      if (!state.line.isConnected) {
        state.line.className = 'sub unsent mt';
        state.line.setAttribute('role', 'status');
        form.append(state.line);
      }
    }
    return state.line;
  };
  const tell = (form, ...parts) => lineOf(form).replaceChildren(...parts);
  const labelOf = (form, name) => controls(form).find((one) => one.name === name)?.labels?.[0]?.firstChild?.textContent.trim() || name;
  const tellRefused = (form, refused) => Object.entries(refused).map(([name, why]) => ` ${labelOf(form, name)}: ${why}`);
  const tellKept = (form, answer) => {
    const state = stateOf(form);
    state.said = answer.said;
    const refused = tellRefused(form, answer.refused).map((why) => why.trim());
    const hasBar = form.querySelector('#draft-state');
    if (hasBar || refused.length || state.line) tell(form, [answer.said, ...refused].join(' '));
  };

  // Keeping -------------------------------------------------------------------------------------------------------------
  const token = () => /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
  const takeToken = (form) => { // signing in in another tab makes a new one
    if (token() && form.elements.csrfmiddlewaretoken) form.elements.csrfmiddlewaretoken.value = token();
  };
  const send = async (form, { isLast = false } = {}) => {
    const state = stateOf(form);
    takeToken(form);
    const body = held(form);
    const text = body.toString();
    try {
      const answer = await fetch(addressOf(pathOf(form)), {
        method: 'POST', body, redirect: 'manual', keepalive: isLast && text.length < LARGEST_LAST,
      });
      if (answer.ok) {
        state.sent = text;
        tellKept(form, await answer.json());
        return 'kept';
      }
      if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) {
        const { said = '', refused = {} } = await answer.json().catch(() => ({}));
        if (said) [state.said, state.sent] = [said, text]; // kept by the page's note, without a session
        tell(form, piece('unsent-signed-out', state.said), ...tellRefused(form, refused));
        return 'signed out';
      }
      if (answer.status === 409 || answer.status === 422) {
        tell(form, (await answer.json()).problem);
        return 'refused';
      }
    } catch {
      // no answer at all: said below, like one that makes no sense
    }
    if (!isLast) {
      tell(form, piece('unsent-unreachable', state.said));
      later(form, AGAIN);
    }
    return 'unreachable';
  };
  const keep = (form, options) => {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = null;
    const sending = (state.sending ?? Promise.resolve()).then(() => send(form, options));
    state.sending = sending;
    sending.then((result) => {
      state.result = result;
      if (state.sending === sending) state.sending = null;
    });
    return sending;
  };
  const later = (form, wait = WAIT) => {
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = setTimeout(() => form.isConnected && keep(form), wait);
  };
  const keepsItself = (form) => 'autosave' in form.dataset; // the status form has a draft of its own

  const formOf = (event) => {
    const form = event.target.form ?? event.target.closest?.('form');
    return form && states.has(form) ? form : null;
  };
  document.addEventListener('input', (event) => {
    const form = formOf(event);
    if (!form || !event.target.name) return;
    stateOf(form).touched.add(event.target.name);
    takeToken(form);
    if (!keepsItself(form)) later(form);
  }, true);
  document.addEventListener('focusin', (event) => { const form = formOf(event); if (form) takeToken(form); }, true);

  const ours = () => [...document.forms].filter((form) => states.has(form));
  const flush = () => {
    for (const form of ours()) if (stateOf(form).timer) keep(form, { isLast: true });
  };
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flush();
    else for (const form of ours()) {
      takeToken(form);
      if (['signed out', 'unreachable'].includes(stateOf(form).result)) later(form, 0);
    }
  });

  // A save that overtakes the keeping before it would leave words that were saved on offer; and where the server did not
  // answer, the words stay in the page until it does -------------------------------------------------------------------
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!states.has(form)) return;
    takeToken(form);
    const state = stateOf(form);
    clearTimeout(state.timer);
    state.timer = null;
    if (!state.sending && state.result !== 'unreachable') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (state.isWaiting) return;
    state.isWaiting = true;
    (state.sending ?? keep(form)).then((result) => {
      state.isWaiting = false;
      if (result !== 'unreachable') form.requestSubmit(event.submitter);
    });
  }, true);
  document.addEventListener('htmx:beforeOnLoad', (event) => {
    const form = event.target.closest?.('form');
    if (!form || !states.has(form) || event.detail.xhr.status !== 401) return;
    event.preventDefault(); // signed out: stay on the page, with all that was typed
    tell(form, piece('unsent-signed-out', stateOf(form).said));
  });

  // Offering ------------------------------------------------------------------------------------------------------------
  const byName = (form) => {
    const found = new Map();
    for (const one of controls(form)) found.set(one.name, [...(found.get(one.name) ?? []), one]);
    return found;
  };
  const mayBeEmpty = (one) => ['checkbox', 'select-multiple'].includes(one.type);
  // The fields in sight that hold something else than what is kept: name, its controls, what is kept
  const differing = (form, typed) => {
    const now = new FormData(form);
    const found = [];
    for (const [name, all] of byName(form)) {
      const kept = typed[name] ?? (mayBeEmpty(all[0]) ? [] : null);
      if (!kept || all.every((one) => one.type === 'hidden')) continue;
      const here = now.getAll(name).map((value) => String(value).replace(/\r\n?/g, '\n'));
      if (here.join('\0') !== kept.join('\0')) found.push([name, all, kept]);
    }
    return found;
  };
  const fill = (one, kept, place) => {
    if (['checkbox', 'radio'].includes(one.type)) one.checked = kept.includes(one.value);
    else if (one.tagName === 'SELECT') for (const option of one.options) option.selected = kept.includes(option.value);
    else one.value = kept[place] ?? kept[0] ?? '';
  };
  const putBack = (form, typed) => {
    const changed = differing(form, typed);
    // what a form carries unseen, such as the version it was opened with, tells of others who saved meanwhile
    for (const one of controls(form)) if (one.type === 'hidden' && typed[one.name]?.length === 1) [one.value] = typed[one.name];
    for (const [, all, kept] of changed) all.forEach((one, place) => fill(one, kept, place));
    for (const [, all] of changed) {
      for (const moment of ['input', 'change']) all[0].dispatchEvent(new Event(moment, { bubbles: true }));
    }
    return changed[0]?.[1][0];
  };
  const firstOf = (form) => controls(form).find((one) => one.type !== 'hidden');
  const offer = (form) => {
    const state = stateOf(form);
    const kept = offers.get(pathOf(form));
    loose.get(pathOf(form))?.remove();
    if (!kept || state.offer || !differing(form, kept.typed).length) return;
    state.offer = kept;
    form.prepend(piece('unsent-offer', kept.said));
  };
  const discard = async (path) => {
    const body = new URLSearchParams({ unsent_note: note, csrfmiddlewaretoken: token() });
    const answer = await fetch(addressOf(path, 'discard/'), { method: 'POST', body, redirect: 'manual' }).catch(() => null);
    if (answer?.ok) offers.delete(path);
    return Boolean(answer?.ok);
  };
  const throwAway = async (form, notice) => {
    const path = form ? pathOf(form) : notice.dataset.of;
    if (!await discard(path)) {
      notice.querySelector('[data-said]').replaceChildren(piece('unsent-not-discarded'));
      return;
    }
    if (form) stateOf(form).offer = null;
    notice.remove();
    (form ? firstOf(form) : document.getElementById('main')).focus();
  };
  const takeBack = (form, notice) => {
    const { typed } = stateOf(form).offer;
    stateOf(form).offer = null;
    notice.querySelector('[data-said]').replaceChildren(piece('unsent-back'));
    notice.querySelector('.rowx').remove();
    (putBack(form, typed) ?? firstOf(form)).focus();
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-unsent]');
    const act = { put: takeBack, discard: throwAway }[button?.dataset.unsent];
    act?.(button.form, button.closest('.notice'));
  });

  // Forms as they come: with the page, and with each swap ------------------------------------------------------------------
  const begin = async () => {
    const fresh = [...document.forms].filter((form) => !states.has(form) && isOurs(form));
    for (const form of fresh) {
      stateOf(form);
      for (const [name, value] of [['unsent_note', note], ['unsent_form', pathOf(form)]]) {
        form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      }
    }
    if (!fresh.length) return;
    const answer = await fetch(keeper, { headers: { 'Unsent-Note': note }, redirect: 'manual' }).catch(() => null);
    if (!answer?.ok) return;
    offers = new Map((await answer.json()).forms.map((one) => [one.form, one]));
    for (const form of ours()) offer(form);
    const here = new Set(ours().map(pathOf));
    for (const [path, kept] of offers) {
      if (here.has(path) || loose.has(path)) continue;
      document.getElementById('main').prepend(piece('unsent-elsewhere', kept.said));
      loose.set(path, document.getElementById('main').firstElementChild);
      loose.get(path).dataset.of = path;
    }
  };
  document.addEventListener('htmx:load', begin);
  begin();
})();
