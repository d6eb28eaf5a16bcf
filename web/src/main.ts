/**
 * @file The page: one element bound to the address. `?embed` leaves the panels out, for frames in other pages.
 */
const [explorer] = document.getElementsByTagName('pool2d-explorer')
if (new URLSearchParams(location.search).has('embed')) explorer?.setAttribute('view', 'stage')
void import('./element.ts')
