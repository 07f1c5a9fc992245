// Runs before the first paint: chosen theme, and the mark that scripts are at work.
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  try {
    const chosen = localStorage.getItem('rounds-theme');
    if (chosen && root.dataset.theme === 'auto') root.dataset.theme = chosen;
  } catch {
    // storage may be switched off; the system's theme then stays
  }
})();
