/** Where the focus goes: by F6 through the regions of the screen, and back to the picture. A region has `data-region`. */
const FOCUSABLE = "a[href], button, input, select, [tabindex='0'], [role=grid][tabindex]";

/** The picture, or that of the sides which is seen: keys move its cursor from now on. */
export function focusPicture(): void {
  for (const picture of document.querySelectorAll<HTMLElement>("[data-region=picture] [role=application]")) {
    picture.focus();
    if (document.activeElement === picture) return;
  }
}

/** In the order of the document. */

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
