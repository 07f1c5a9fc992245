// Nothing of a session stays in the browser: htmx notes the address of the page for the history.
try {
  sessionStorage.clear();
} catch {
  // storage may be switched off; then there is nothing in it
}
