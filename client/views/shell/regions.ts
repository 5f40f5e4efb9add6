/** F6 through the regions of the screen, in the order of the document. A region is an element with `data-region`. */
const FOCUSABLE = "a[href], button, input, select, canvas[tabindex], [tabindex='0'], [role=grid][tabindex]";

export function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(
    (region) => region.offsetParent !== null || region.getClientRects().length > 0,
  );
  if (regions.length === 0) return;
  const now = regions.findIndex((region) => region.contains(document.activeElement));
  for (let tried = 1; tried <= regions.length; tried++) {
    const start = now < 0 ? (step > 0 ? -1 : regions.length) : now;
    const region = regions[(start + step * tried + regions.length * 2) % regions.length];
    const target = [...region.querySelectorAll<HTMLElement>(FOCUSABLE)].find((element) => element.tabIndex >= 0);
    if (!target) continue;
    target.focus();
    return;
  }
}
