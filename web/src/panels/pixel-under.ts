/** The pixel under the pointer, in an element that shows so many rows and columns. */
export function pixelUnder(
  { clientX, clientY }: MouseEvent,
  element: Element,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): { readonly row: number; readonly column: number } {
  const { left, top, width, height } = element.getBoundingClientRect()
  const along = (share: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)))
  return {
    row: along((clientY - top) / height, rows),
    column: along((clientX - left) / width, columns),
  }
}
