/**
 * @file The page: one element bound to the address. `?embed` leaves the panels out, for frames in other pages.
 */
const [explorer] = document.getElementsByTagName('pool2d-explorer')
if (new URLSearchParams(location.search).has('embed')) explorer?.setAttribute('view', 'stage')
void import('./element.ts')

/** Without a network the page opens from what it kept; where that is forbidden, it needs one. */
if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  navigator.serviceWorker.register('./sw.js').catch(() => undefined)
}
