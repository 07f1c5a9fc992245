// <rounds-chart>: draws the figure that stands inside it as JSON. The browser itself tells the element when it
// enters or leaves the page, whatever did the swap, so nothing leaks.
(() => {
  'use strict';
  const source = document.currentScript.dataset.plotly;
  const CONFIG = {
    responsive: true, displaylogo: false, displayModeBar: false, locale: 'en-US',
    showSendToCloud: false, plotlyServerURL: '', // both would let a figure leave the house
  };
  const NAMED = 5; // as many upright bars keep their names on a phone
  const NARROW = 520; // pixels; below it labels wrap and ticks thin out

  let library;
  const load = () => (library ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = source;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  }));

  // light-dark() in a custom property is resolved only on a real property, so read it through a probe
  const probe = document.createElement('i');
  probe.hidden = true;
  document.body.append(probe);
  const known = new Map();
  const token = (role) => {
    if (!known.has(role)) {
      probe.style.color = role;
      known.set(role, getComputedStyle(probe).color);
    }
    return known.get(role);
  };

  const isRole = (value) => typeof value === 'string' && value.startsWith('var(--');
  const isColor = (key) => key.toLowerCase().endsWith('color');
  const paint = (node) => {
    for (const [key, value] of Object.entries(node)) {
      if (isColor(key)) {
        if (isRole(value)) node[key] = token(value);
        else if (Array.isArray(value)) node[key] = value.map((one) => (isRole(one) ? token(one) : one));
      } else if (Array.isArray(value)) {
        if (typeof value[0] === 'object' && value[0] !== null && !Array.isArray(value[0])) value.forEach(paint);
      } else if (value && typeof value === 'object') paint(value);
    }
    return node;
  };

  const template = () => ({ layout: {
    paper_bgcolor: token('var(--clear)'), plot_bgcolor: token('var(--clear)'),
    font: { family: getComputedStyle(document.body).fontFamily, size: 13, color: token('var(--text)') },
    // clear ticks keep the first label below the lowest one of the other axis
    xaxis: { gridcolor: token('var(--chart-grid)'), zerolinecolor: token('var(--line-strong)'), automargin: true, ticks: 'outside', ticklen: 6, tickcolor: token('var(--clear)') },
    yaxis: { gridcolor: token('var(--chart-grid)'), zerolinecolor: token('var(--line-strong)'), automargin: true },
    hoverlabel: { bgcolor: token('var(--surface)'), bordercolor: token('var(--line-strong)'), font: { color: token('var(--text)') } },
    legend: { orientation: 'h', x: 0, y: 1.02, yanchor: 'bottom' },
  } });

  const wrap = (text) => String(text).replace(/(.{11,18}?) /g, '$1<br>');
  const wrapTitle = (axis) => axis?.title?.text && { title: { ...axis.title, text: axis.title.text.replace(/(.{18,26}?) /g, '$1<br>') } };
  const fitPhone = (figure) => {
    const { data, layout } = figure;
    const bars = data.filter((trace) => trace.orientation === 'h' || layout.yaxis?.type === 'category');
    const rows = Math.max(0, ...bars.map((trace) => trace.y?.length ?? 0));
    layout.font = { ...layout.font, size: 11 };
    const named = layout.xaxis?.type === 'category' && data.every((trace) => (trace.x?.length ?? 0) <= NAMED);
    layout.xaxis = { ...layout.xaxis, ...wrapTitle(layout.xaxis), ...(named ? {} : { nticks: 4 }) };
    if (!rows) return;
    for (const trace of data) if (Array.isArray(trace.y)) trace.y = trace.y.map(wrap);
    layout.height = Math.max(layout.height ?? 0, rows * 40 + 70);
  };

  const prepared = (spec, width) => {
    const figure = paint(structuredClone(spec));
    for (const axis of [figure.layout.xaxis, figure.layout.yaxis]) if (axis?.title) axis.title.font = { size: width < NARROW ? 11 : 13, ...axis.title.font };
    if (width < NARROW) fitPhone(figure);
    figure.layout.template = template();
    return figure;
  };

  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) entry.target.draw();
  }, { rootMargin: '300px' });
  const idle = window.requestIdleCallback ?? ((run) => setTimeout(run, 800));

  class RoundsChart extends HTMLElement {
    connectedCallback() {
      near.observe(this);
      idle(() => this.draw()); // far charts too, or printing would meet an empty box
    }

    disconnectedCallback() {
      near.unobserve(this);
      if (this.drawn) window.Plotly.purge(this.plot);
      this.drawn = false;
    }

    get plot() { return this.querySelector('.chart__plot'); }

    get spec() { return (this.parsed ??= JSON.parse(this.querySelector('script[type="application/json"]').textContent)); }

    async draw(again = false) {
      if (this.busy || !this.isConnected || (this.drawn && !again)) return;
      this.busy = true;
      near.unobserve(this);
      try {
        await load();
        if (!this.isConnected) return;
        const figure = prepared(this.spec, this.plot.clientWidth);
        await window.Plotly.react(this.plot, figure.data, figure.layout, CONFIG);
        this.drawn = true;
        if (this.isConnected) this.fitPrint();
        else this.disconnectedCallback();
      } catch {
        this.fail();
      } finally {
        this.busy = false;
      }
    }

    // lets print CSS scale the fixed-pixel drawing to the width of the paper
    fitPrint() {
      for (const svg of this.plot.querySelectorAll('.main-svg')) {
        svg.setAttribute('viewBox', `0 0 ${svg.getAttribute('width')} ${svg.getAttribute('height')}`);
      }
    }

    // the same figures stand in the table below: open it rather than show an empty box
    fail() {
      const card = this.closest('.chart');
      card?.classList.add('chart--failed');
      card?.querySelector('details')?.setAttribute('open', '');
    }
  }
  customElements.define('rounds-chart', RoundsChart);

  const redraw = () => {
    known.clear();
    for (const chart of document.querySelectorAll('rounds-chart')) if (chart.drawn) chart.draw(true);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  document.addEventListener('rounds:theme', redraw);
})();
