// What scrolls sideways by itself can be reached by keyboard; what does not is no stop on the way.
const wide = ".table-wrapper, div.math, div.cell_output, pre";
function letKeysScroll() {
  for (const part of document.querySelectorAll(wide)) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else part.removeAttribute("tabindex");
  }
}
addEventListener("load", letKeysScroll);
addEventListener("resize", letKeysScroll);
addEventListener("toggle", letKeysScroll, true); // what was folded has a width now
