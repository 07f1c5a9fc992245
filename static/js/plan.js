// The arrows of a plan's time line: rows are as high as their names need, so only the browser knows where bars stand.
// The links of tasks that drive the finish are always drawn, the others for the row the pointer or the focus is in.
// The same links stand as words in the column "Predecessors".
(() => {
  'use strict';
  const SVG = 'http://www.w3.org/2000/svg';
  const OUT = 7; // pixels that an arrow runs straight out of a bar and into the next one
  const [RIGHT, LEFT, DOWN, UP] = ['m-5 -3l5 3l-5 3', 'm5 -3l-5 3l5 3', 'm-3 -5l3 5l3 -5', 'm-3 5l3 -5l3 5']; // heads
  let here = null; // the row the pointer or the focus is in

  const bar = (row) => row?.querySelector('.gantt :is(.g-bar, .g-sum, .g-point path)')?.getBoundingClientRect();

  // Out of the finish or the start of one bar, into the start or the finish of the other. Where one bar starts about
  // when the other ends, the arrow falls onto it; else it goes around.
  const way = (from, to, kind, origin) => {
    const leaves = kind[0] === 'F' ? 1 : -1;
    const enters = kind[1] === 'S' ? 1 : -1;
    const x1 = (leaves > 0 ? from.right : from.left) - origin.left;
    const x2 = (enters > 0 ? to.left : to.right) - origin.left;
    const y1 = from.top + from.height / 2 - origin.top;
    const y2 = to.top + to.height / 2 - origin.top;
    const isDown = y2 > y1;
    const inside = x2 + Math.min(OUT, to.width / 2) * enters;
    const isBehind = (inside - x1) * leaves < 0;
    if (leaves === enters && (!isBehind || Math.abs(inside - x1) <= Math.min(OUT, to.width / 2))) {
      const x = isBehind ? x1 : inside;
      return `M${x1} ${y1}H${x}V${(isDown ? to.top : to.bottom) - origin.top}${isDown ? DOWN : UP}`;
    }
    const head = enters > 0 ? RIGHT : LEFT;
    const first = x1 + OUT * leaves;
    const last = x2 - OUT * enters;
    if (leaves === enters) return `M${x1} ${y1}H${first}V${y2 - (isDown ? 12 : -12)}H${last}V${y2}H${x2}${head}`;
    return `M${x1} ${y1}H${leaves > 0 ? Math.max(first, last) : Math.min(first, last)}V${y2}H${x2}${head}`;
  };

  const draw = () => {
    const data = document.getElementById('plan-arrows');
    if (!data) return;
    const region = data.parentElement;
    let canvas = region.querySelector('.arrows');
    if (!canvas) {
      canvas = document.createElementNS(SVG, 'svg');
      canvas.setAttribute('class', 'arrows');
      canvas.setAttribute('aria-hidden', 'true');
      region.append(canvas);
    }
    const origin = canvas.getBoundingClientRect();
    const paths = [];
    for (const [source, target, kind, drives] of JSON.parse(data.textContent)) {
      const isHere = here === `row-${source}` || here === `row-${target}`;
      if (!drives && !isHere) continue;
      const from = bar(document.getElementById(`row-${source}`));
      const to = bar(document.getElementById(`row-${target}`));
      if (!from?.height || !to?.height) continue; // the time line is hidden, or the row is being edited
      const path = document.createElementNS(SVG, 'path');
      path.setAttribute('d', way(from, to, kind, origin));
      if (isHere) path.setAttribute('class', 'is-here');
      paths.push(path);
    }
    canvas.replaceChildren(...paths);
  };

  let asked = 0;
  const soon = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(draw);
  };
  const enter = (event) => {
    const row = event.target.closest?.('.grid--plan tbody tr')?.id ?? null;
    if (row === here) return;
    here = row;
    soon();
  };
  const sizes = new ResizeObserver(soon);
  const watch = () => {
    sizes.disconnect();
    const table = document.querySelector('.grid--plan');
    if (table) sizes.observe(table); // tells at once, and whenever a row grows
  };
  document.addEventListener('mouseover', enter);
  document.addEventListener('focusin', enter);
  document.addEventListener('htmx:afterSwap', () => { watch(); soon(); });
  watch();
})();
