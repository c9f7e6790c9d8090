// Small helps that need the page's measurements or the reader's actions.

// What scrolls sideways can be reached and scrolled by keyboard.
function makeScrollable() {
  for (const box of document.querySelectorAll(
    "mjx-container, div.math, pre, .pst-scrollable-table-container, .cell_output .output"
  )) {
    const style = getComputedStyle(box);
    const wide = box.scrollWidth > box.clientWidth + 1;
    const high = box.scrollHeight > box.clientHeight + 12;
    const scrolls = (wide || high) && style.overflowX !== "visible";
    if (scrolls) {
      box.tabIndex = 0;
      box.dataset.bookScrolls = "";
    } else if ("bookScrolls" in box.dataset) {
      box.removeAttribute("tabindex");
      delete box.dataset.bookScrolls;
    }
  }
}

// A link into a folded solution unfolds it.
function unfoldTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let box = target; box; box = box.parentElement) {
    if (box.tagName === "DETAILS") box.open = true;
  }
  if (target) target.scrollIntoView();
}

addEventListener("load", () => {
  makeScrollable();
  if (location.hash) unfoldTarget();
  const math = window.MathJax?.startup?.promise;
  if (math) math.then(makeScrollable);
});
addEventListener("resize", makeScrollable);
addEventListener("hashchange", unfoldTarget);
addEventListener("toggle", makeScrollable, true);

// Solutions are printed unfolded.
addEventListener("beforeprint", () => {
  for (const box of document.querySelectorAll("details.solution")) box.open = true;
});
